-- Nothing unusual is known, and nothing is to be kept.
if usual and ARGV[3] == '0' then
  redis.call('DEL', attempt)
  return 'ok'
end
