-- Nothing but attempts under way: this is another one.
if plain and ARGV[5] == '0' and ARGV[6] == '0' then
  local clock = redis.call('TIME')
  local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
  redis.call('ZADD', attempts, 'NX', now + ARGV[3], id)
  if redis.call('PEXPIRE', attempts, ARGV[3], 'NX') == 0 then
    redis.call('PEXPIRE', attempts, ARGV[3], 'GT')
    redis.call('ZREMRANGEBYSCORE', attempts, '-inf', now)
  end
  return 'process'
end
