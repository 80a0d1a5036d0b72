local kind, retention = become(id)
remove(id)
if kind == 'took' then add(credits, now + retention, id) end
redis.call('ZREM', credits, 'processed:' .. id) -- its lease has ended
add(closed, now + late, id)
return 'ok'
