if redis.call('ZSCORE', attempts, id) then
  redis.call('SADD', blocking, id)
  keep(blocking, redis.call('PEXPIRETIME', attempts))
end
return 'ok'
