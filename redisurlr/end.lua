-- ARGV: the attempt's id, for how long a credit is kept in milliseconds (0: none)
local attempts, credits = load()
for i = #attempts, 1, -1 do
  if attempts[i].id == ARGV[1] then table.remove(attempts, i) end
end
if tonumber(ARGV[2]) > 0 then table.insert(credits, now + tonumber(ARGV[2])) end
save(attempts, credits)
return 'ok'
