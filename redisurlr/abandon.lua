if becomes then add(blocking, redis.call('PEXPIRETIME', attempt), 'blocking:' .. id) end
return 'ok'
