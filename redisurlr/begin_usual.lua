-- Nothing unusual is known: this is one more attempt. A repeated call finds it already there.
if usual and ARGV[5] == '0' and ARGV[6] == '0' then
  redis.call('SET', attempt, '', 'NX', 'PX', ARGV[3])
  return 'process'
end
