package whatsapp

import (
	"fmt"
	"maps"

	waBinary "go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/types"
)

// A node is immutable once it is handed to send, deliver or a phone: it may be
// on its way to several devices at once.
type (
	node  = waBinary.Node
	attrs = waBinary.Attrs
)

// text is a node's content. Short strings come out of the decoder as string,
// longer ones as bytes.
func text(n node) string {
	switch v := n.Content.(type) {
	case []byte:
		return string(v)
	case string:
		return v
	}
	return ""
}

func content(n node) []byte { return []byte(text(n)) }

func jidAttr(n *node, key string) types.JID {
	j, _ := n.Attrs[key].(types.JID)
	return j
}

func strAttr(n *node, key string) string {
	if v, there := n.Attrs[key]; there {
		return fmt.Sprint(v)
	}
	return ""
}

func firstChild(n *node) node {
	if kids := n.GetChildren(); len(kids) > 0 {
		return kids[0]
	}
	return node{}
}

// merged returns a copy of base with more attributes over it.
func merged(base, more attrs) attrs {
	out := make(attrs, len(base)+len(more))
	maps.Copy(out, base)
	maps.Copy(out, more)
	return out
}

// notification makes one from the server, or from whom more names.
func (s *Server) notification(kind string, more attrs, children ...node) node {
	base := attrs{"from": types.ServerJID, "type": kind, "id": s.nextID(), "t": s.now().Unix()}
	return node{Tag: "notification", Attrs: merged(base, more), Content: children}
}
