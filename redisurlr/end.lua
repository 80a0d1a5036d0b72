-- ARGV: the attempt's id, for how long a credit is kept in milliseconds (0: none)
local id, kept = ARGV[1], tonumber(ARGV[2])
local attempts, credits = load()
for i = #attempts, 1, -1 do
  if attempts[i].id == id then table.remove(attempts, i) end
end
for _, c in ipairs(credits) do
  if c.of == id then kept = 0 end -- the step came twice
end
if kept > 0 then table.insert(credits, {of = id, ends = now + kept}) end
save(attempts, credits)
return 'ok'
