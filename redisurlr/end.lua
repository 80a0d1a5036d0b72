-- ARGV[3]: how long to keep a credit, 0 for none
local kept, took, processed = tonumber(ARGV[3]), 'took:' .. id, 'processed:' .. id
remove()
local score = redis.call('ZSCORE', unusual, took) or redis.call('ZSCORE', unusual, processed)
if score then -- its lease ended too early: replace the orphan's credit
  redis.call('ZREM', unusual, took, processed)
  if kept > 0 then redis.call('ZADD', unusual, score, id) end
elseif kept > 0 and not redis.call('ZSCORE', unusual, id)
    and not redis.call('ZSCORE', unusual, 'closed:' .. id) then
  add(credit, now + kept, id)
end
shorten()
return 'ok'
