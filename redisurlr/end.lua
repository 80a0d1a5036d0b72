-- ARGV: the attempt's id, for how long a credit is kept in milliseconds (0: none)
local id, kept = ARGV[1], tonumber(ARGV[2])
local attempts, credits = load()
for i = #attempts, 1, -1 do
  if attempts[i].id == id then table.remove(attempts, i) end
end
local has = false
for i = #credits, 1, -1 do
  if credits[i].of == id then
    has = true -- the step came twice, or the lease has ended
    if kept == 0 then table.remove(credits, i) end
  end
end
if kept > 0 and not has then table.insert(credits, {of = id, ends = now + kept}) end
save(attempts, credits)
return 'ok'
