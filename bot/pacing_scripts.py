"""The Telegram budget's Lua, run inside Redis so that all bot processes share one clock and one log.

Times are microseconds of Redis TIME. KEYS are always: sent (list of the newest messages' times, newest first; the
first of them may lie ahead), paused (exists while nobody may send), pace (hash: pad, clean), resting (sorted set: chat
-> when the next alert may go there), refused (the same, as Telegram asked for it), suspect (the private chat that
Telegram refused last), chat (list like sent, of one chat).
"""

_PRELUDE = """
local sent, paused, pace, resting, refused, suspect, chat =
  KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6], KEYS[7]
local limit, floor = tonumber(ARGV[1]), tonumber(ARGV[2])
local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]
local window = 1000000 + tonumber(redis.call('HGET', pace, 'pad') or floor)
local gap = window / limit
local function text(moment) return string.format('%.0f', moment) end
local function next_time()
  local last = tonumber(redis.call('LINDEX', sent, 0) or 0)
  if last > now + 60000000 then  -- the clock was set back: neither log says anything about now
    redis.call('DEL', sent, resting)
    last = 0
  end
  local oldest = tonumber(redis.call('LINDEX', sent, limit - 1) or 0)
  return math.max(now, last + gap * 0.95, oldest + window, now + redis.call('PTTL', paused) * 1000)
end
"""

# ARGV: limit, pad floor, how far ahead may be booked, chat id, clean messages a step, step down, 1 for an alert, which
# goes when the chat does not rest, microseconds that the chat's next alert keeps from this message, how many of the
# limits hold for alerts too, pairs of (messages, microseconds): the chat's own limits
# Returns {state, microseconds, stamp}: 1 booked for then, 0 ask again then, -1 the chat rests until then
TAKE = (
    _PRELUDE
    + """
local at = next_time()
local rested = tonumber(redis.call('ZSCORE', resting, ARGV[4]) or 0)
local free = tonumber(redis.call('ZSCORE', refused, ARGV[4]) or 0)
if ARGV[7] == '1' then
  free = math.max(free, rested)
end
local keep = 0
for place = 10, #ARGV, 2 do
  local count = tonumber(ARGV[place])
  free = math.max(free, tonumber(redis.call('LINDEX', chat, count - 1) or 0) + tonumber(ARGV[place + 1]))
  keep = math.max(keep, count)
end
if free > at then
  return {-1, math.ceil(free - now), ''}
end
if at > now + tonumber(ARGV[3]) then
  return {0, math.ceil(at - now - tonumber(ARGV[3])), ''}
end
local stamp = text(at)
redis.call('LPUSH', sent, stamp)
redis.call('LTRIM', sent, 0, 2 * limit - 1)
redis.call('PEXPIRE', sent, 60000)
redis.call('LPUSH', chat, stamp)
redis.call('LTRIM', chat, 0, keep - 1)
redis.call('PEXPIRE', chat, 65000)
local rests = math.max(rested, at + tonumber(ARGV[8]))
for place = 10, 9 + 2 * tonumber(ARGV[9]), 2 do
  local oldest = tonumber(redis.call('LINDEX', chat, tonumber(ARGV[place]) - 1) or 0)
  rests = math.max(rests, oldest + tonumber(ARGV[place + 1]))
end
redis.call('ZREMRANGEBYSCORE', resting, '-inf', text(now))
redis.call('ZADD', resting, text(rests), ARGV[4])
redis.call('PEXPIRE', resting, 65000)
if window > 1000000 + floor then
  if redis.call('HINCRBY', pace, 'clean', 1) >= tonumber(ARGV[5]) then
    redis.call('HSET', pace, 'clean', 0, 'pad', math.max(floor, window - 1000000 - tonumber(ARGV[6])))
  end
  redis.call('PEXPIRE', pace, 3600000)
end
return {1, math.ceil(at - now), stamp}
"""
)

# ARGV: limit, pad floor, how far ahead may be booked
# Returns {messages that fit, microseconds until the next one, microseconds between two, microseconds until the first
# resting chat is free or -1, chats that may not be written to by then}
LOOK = (
    _PRELUDE
    + """
local ahead = tonumber(ARGV[3])
local at = next_time()
local room = 0
if at <= now + ahead then
  room = math.floor((now + ahead - at) / gap) + 1
end
redis.call('ZREMRANGEBYSCORE', refused, '-inf', text(now))
local after = '(' .. text(math.max(at, now))
local chats = redis.call('ZRANGEBYSCORE', resting, after, '+inf')
for _, one in ipairs(redis.call('ZRANGEBYSCORE', refused, after, '+inf')) do
  table.insert(chats, one)
end
local soonest = redis.call('ZRANGEBYSCORE', resting, after, '+inf', 'WITHSCORES', 'LIMIT', 0, 1)[2]
return {room, math.ceil(at - now), math.ceil(gap), soonest and math.ceil(tonumber(soonest) - now) or -1, chats}
"""
)

# ARGV: limit, pad floor, chat id, stamp, microseconds of distance beyond a second
# Whether a booked message may still go: {microseconds of a refusal that came since, 1 where a refusal is in doubt,
# microseconds by which it has to go later, its stamp then}. Later, because the message that stands a whole second's
# share before it went late itself, which was not known when this one was booked.
STILL = (
    _PRELUDE
    + """
local wait = math.max(0, redis.call('PTTL', paused) * 1000)
wait = math.max(wait, tonumber(redis.call('ZSCORE', refused, ARGV[3]) or 0) - now)
local place, later, stamp = redis.call('LPOS', sent, ARGV[4]), 0, ARGV[4]
if place then
  local before = tonumber(redis.call('LINDEX', sent, place + limit) or 0)
  later = math.max(0, before + 1000000 + tonumber(ARGV[5]) - tonumber(stamp))
  if later > 0 then
    stamp = text(tonumber(stamp) + later)
    redis.call('LSET', sent, place, stamp)
  end
end
return {math.ceil(wait), redis.call('EXISTS', suspect), later, stamp}
"""
)

# ARGV: limit, pad floor, stamp, microseconds by which the message may have arrived later than booked
# A message in the log stands where it was booked; a late one is moved, so that the window is counted from there.
MOVED = (
    _PRELUDE
    + """
local place = redis.call('LPOS', sent, ARGV[3])
if not place then
  return 0
end
redis.call('LSET', sent, place, text(math.min(now, tonumber(ARGV[3]) + tonumber(ARGV[4]))))
return 1
"""
)

# ARGV: limit, pad floor, chat id, ms that Telegram asks for, ms that all wait at first, 1 for a group, step up, pad cap
# The chat rests as long as asked. All pause where two private chats in a row were refused, or else for a moment.
# Returns 1 where all pause as long as asked, else 0.
REFUSED = (
    _PRELUDE
    + """
local asked, moment = tonumber(ARGV[4]), tonumber(ARGV[5])
redis.call('ZADD', refused, text(now + asked * 1000), ARGV[3])
redis.call('PEXPIRE', refused, math.max(asked, redis.call('PTTL', refused)) + 1000)
if ARGV[6] == '1' then
  return 0
end
local other = redis.call('GET', suspect)
local all = other and other ~= ARGV[3]
redis.call('SET', suspect, ARGV[3], 'PX', math.max(asked, 1000) + 5000)
if all and redis.call('PTTL', paused) <= moment then
  redis.call('HSET', pace, 'pad', math.min(tonumber(ARGV[8]), window - 1000000 + tonumber(ARGV[7])), 'clean', 0)
  redis.call('PEXPIRE', pace, 3600000)
end
local pause = all and asked or math.min(asked, moment)
if pause > redis.call('PTTL', paused) then
  redis.call('SET', paused, '1', 'PX', pause)
end
return all and 1 or 0
"""
)
