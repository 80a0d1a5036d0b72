-- Nothing but attempts under way: this one is not any more.
if plain and ARGV[3] == '0' then
  redis.call('ZREM', attempts, id)
  return 'ok'
end
