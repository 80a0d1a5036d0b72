remove()
if becomes and becomes:find('took') then add(credit, now + becomes:match('%d+'), id) end
redis.call('ZREM', unusual, 'processed:' .. id) -- its lease has ended
add(closed, now + late, 'closed:' .. id)
return 'ok'
