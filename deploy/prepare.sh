#!/bin/sh
# Makes the secrets that nobody has to know: passwords, the URLs that carry them, the broker's users, a key ring.
# Never overwrites a file, so it may be run again after an upgrade. `sh deploy/prepare.sh [folder]`
set -eu
umask 077
folder=${1:-deploy/secrets}
mkdir -p "$folder"
# Others on this machine cannot enter the folder; the containers' users can read a file that is mounted from it.
chmod 700 "$folder"
cd "$folder"

keep() { # name: standard input becomes the file, unless there is one
    if [ -e "$1" ]; then
        cat > /dev/null
    else
        cat > "$1.new"
        chmod 444 "$1.new"
        mv "$1.new" "$1"
        echo "made $1"
    fi
}
random() { # hex digits stand in a URL and an ACL as they are
    od -An -N24 -tx1 /dev/urandom | tr -d ' \n'
}

for name in postgres_password worker_db_password bot_db_password valkey_password bot_valkey_password \
    rabbitmq_password flower_password grafana_admin_password; do
    random | keep "$name"
done
printf 'postgresql://skinbeat:%s@postgres:5432/skinbeat' "$(cat postgres_password)" | keep owner_database_url
printf 'postgresql://skinbeat_worker:%s@postgres:5432/skinbeat' "$(cat worker_db_password)" | keep worker_database_url
printf 'postgresql://skinbeat_bot:%s@postgres:5432/skinbeat' "$(cat bot_db_password)" | keep bot_database_url
printf 'redis://skinbeat:%s@valkey:6379/0' "$(cat valkey_password)" | keep valkey_url
printf 'redis://skinbeat_bot:%s@valkey:6379/0' "$(cat bot_valkey_password)" | keep bot_valkey_url
printf 'amqp://skinbeat:%s@rabbitmq:5672/%%2F' "$(cat rabbitmq_password)" | keep rabbitmq_url
printf 'default_user = skinbeat\ndefault_pass = %s\n' "$(cat rabbitmq_password)" | keep rabbitmq_conf
printf 'operator:%s' "$(cat flower_password)" | keep flower_basic_auth
printf 'k1:%s' "$(head -c 32 /dev/urandom | base64 | tr -d '\n')" | keep encryption_keys

# Rights as docs/operations.md gives them; the password only as its hash.
hash() { printf '%s' "$(cat "$1")" | sha256sum | cut -d ' ' -f 1; }
{
    echo 'user default off'
    echo "user skinbeat on #$(hash valkey_password) resetkeys resetchannels -@all ~scan* ~prices* ~verify* ~maintenance* ~_kombu.* ~unacked* ~*celery.pidbox* ~celeryev* ~skinbeat:* &/0.celery.pidbox &/0.celeryev/* +@connection +@list +@set +@hash +@sortedset +@string +@transaction +publish +subscribe +psubscribe +unsubscribe +punsubscribe +del +unlink +exists +expire +pexpire +ttl +pttl +type +time +evalsha +script|load +script|exists -@dangerous"
    echo "user skinbeat_bot on #$(hash bot_valkey_password) resetkeys resetchannels -@all ~skinbeat:telegram:* +@connection +@list +@hash +@sortedset +@string +del +exists +pexpire +pttl +time +evalsha +script|load +script|exists -@dangerous"
} | keep valkey_acl

for name in dmarket_public_key dmarket_secret_key telegram_bot_token; do
    [ -s "$name" ] || echo "yours to write: $folder/$name"
done
