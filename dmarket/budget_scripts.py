"""The rate budget's Lua, run inside Redis so that all workers on all hosts share one clock and one log.

Times are microseconds of Redis TIME. KEYS are always: sent (list of the newest send times, newest first), blocked
and urgent (exist while they apply), ceiling (a lower limit told by the exchange), pace (hash: pad, clean).
"""

_PRELUDE = """
local sent, blocked, urgent, ceiling, pace = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local official, floor = tonumber(ARGV[1]), tonumber(ARGV[2])
local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]
local limit = math.min(official, tonumber(redis.call('GET', ceiling) or official))
local pad = tonumber(redis.call('HGET', pace, 'pad') or floor)
local window = 1000000 + pad
"""

# ARGV: official limit, pad floor, 1 for urgent, urgent margin, idle ms, pace ms, clean calls a step, step down
# A margin below 0 sets no urgent mark.
# Returns {0, time logged} where a permit is given, else {microseconds to wait before asking again, ''}.
TAKE = (
    _PRELUDE
    + """
local is_urgent, margin = ARGV[3] == '1', tonumber(ARGV[4])
local last = tonumber(redis.call('LINDEX', sent, 0) or 0)
if last > now then  -- the clock was set back: the log says nothing about now
  redis.call('DEL', sent)
  last = 0
end
local oldest = tonumber(redis.call('LINDEX', sent, limit - 1) or 0)
local wait = math.max(0, last + window / limit * 0.95 - now, oldest + window - now,
                      redis.call('PTTL', blocked) * 1000)
if not is_urgent then
  wait = math.max(wait, redis.call('PTTL', urgent) * 1000)
end
if wait > 0 then
  local mark = math.ceil((wait + margin) / 1000)
  if is_urgent and margin >= 0 and mark > redis.call('PTTL', urgent) then
    redis.call('SET', urgent, '1', 'PX', mark)
  end
  return {math.ceil(wait), ''}
end
local logged = string.format('%.0f', now)
redis.call('LPUSH', sent, logged)
redis.call('LTRIM', sent, 0, official - 1)
redis.call('PEXPIRE', sent, ARGV[5])
if pad > floor then
  if redis.call('HINCRBY', pace, 'clean', 1) >= tonumber(ARGV[7]) then
    redis.call('HSET', pace, 'clean', 0, 'pad', math.max(floor, pad - tonumber(ARGV[8])))
  end
  redis.call('PEXPIRE', pace, ARGV[6])
end
return {0, logged}
"""
)

# ARGV: official limit, pad floor, time logged, microseconds by which the call left later than that
# A call in the log stands where it was allowed; one that a busy machine sent late is moved to where it left, so that
# the next window is counted from there. Returns where it stands.
LATE = (
    _PRELUDE
    + """
local place = redis.call('LPOS', sent, ARGV[3])
if not place then
  return ARGV[3]
end
local moved = string.format('%.0f', math.min(now, tonumber(ARGV[3]) + tonumber(ARGV[4])))
redis.call('LSET', sent, place, moved)
return moved
"""
)

# ARGV: official limit, pad floor, block ms, step up, pad cap, pace ms
# Several calls in flight can be refused by one overrun: only the first of them widens the pad. Returns the pad.
REFUSED = (
    _PRELUDE
    + """
local left = redis.call('PTTL', blocked)
if left <= 0 then
  pad = math.min(tonumber(ARGV[5]), pad + tonumber(ARGV[4]))
  redis.call('HSET', pace, 'pad', pad, 'clean', 0)
  redis.call('PEXPIRE', pace, ARGV[6])
end
if tonumber(ARGV[3]) > left then
  redis.call('SET', blocked, '1', 'PX', ARGV[3])
end
return pad
"""
)

# ARGV: official limit, pad floor, block ms, microseconds since the call was sent
# Blocks, and returns 1, unless our own calls explain why nothing remains.
DRAINED = (
    _PRELUDE
    + """
local oldest = tonumber(redis.call('LINDEX', sent, limit - 1) or 0)
if oldest >= now - window - tonumber(ARGV[4]) then
  return 0
end
if tonumber(ARGV[3]) > redis.call('PTTL', blocked) then
  redis.call('SET', blocked, '1', 'PX', ARGV[3])
end
return 1
"""
)
