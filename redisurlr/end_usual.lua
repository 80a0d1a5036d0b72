-- Nothing unusual is known, and there is no credit to keep.
if usual and ARGV[3] == '0' then
  redis.call('DEL', attempt)
  return 'ok'
end
