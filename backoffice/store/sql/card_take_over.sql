UPDATE card SET replaces = :old, level = :level, class = :class, holder = :holder, member = :member
WHERE org = :org AND number = :number
