module github.com/wardkeeper/wardkeeper

go 1.26.8
