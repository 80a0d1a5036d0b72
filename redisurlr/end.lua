-- ARGV[3]: for how long a credit is kept, 0 for none
local kept, took, processed = tonumber(ARGV[3]), 'took:' .. id, 'processed:' .. id
remove(id)
local time = redis.call('ZSCORE', credits, took) or redis.call('ZSCORE', credits, processed)
if time then -- its lease has ended: it is no orphan
  redis.call('ZREM', credits, took, processed)
  if kept > 0 then redis.call('ZADD', credits, time, id) end
elseif kept > 0 and not redis.call('ZSCORE', credits, id) and not redis.call('ZSCORE', closed, id) then
  add(credits, now + kept, id)
end
return 'ok'
