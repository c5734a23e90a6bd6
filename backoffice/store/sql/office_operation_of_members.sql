SELECT uid, line FROM office_operation WHERE line LIKE '%"command": "member.%' ORDER BY id
