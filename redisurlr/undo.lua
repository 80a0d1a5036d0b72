-- ARGV: the attempt's id
local attempts, credits = load()
for i = #attempts, 1, -1 do
  local a = attempts[i]
  if a.id == ARGV[1] then
    table.remove(attempts, i)
    if a.took then table.insert(credits, {of = a.id, ends = now + a.orphan}) end
  end
end
save(attempts, credits)
return 'ok'
