package contract
import "testing"
func TestLoad(t *testing.T){ s,err:=Load(); if err!=nil{t.Fatal(err)}; t.Log(len(s.operations)) }
