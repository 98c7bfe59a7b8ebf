package whatsapp

import (
	"fmt"
	"slices"
	"strconv"

	"go.mau.fi/whatsmeow/proto/waServerSync"
	"google.golang.org/protobuf/proto"
)

// iqAppState appends patches to collections and tells clients those that they
// lack. What is in them the server cannot read: it only counts versions.
func (s *Server) iqAppState(c *conn, n *node, child node) {
	var answers []node
	for _, asked := range child.GetChildrenByTag("collection") {
		answer, err := s.syncCollection(c, asked)
		if err != nil {
			c.refuse(n, 400, "bad-request")
			return
		}
		answers = append(answers, answer)
	}
	c.result(n, node{Tag: "sync", Content: answers})
}

func (s *Server) syncCollection(c *conn, asked node) (node, error) {
	a, name := c.device.account, strAttr(&asked, "name")
	base, err := strconv.Atoi(strAttr(&asked, "version"))
	if err != nil && strAttr(&asked, "version") != "" {
		return node{}, fmt.Errorf("version of collection %s: %w", name, err)
	}
	answer := node{Tag: "collection", Attrs: attrs{"name": name}}
	var children []node
	if patch, sent := asked.GetOptionalChildByTag("patch"); sent {
		version, ok := 0, false
		if f := s.pick(atState, c.device, a.pn(), name); f == nil {
			if version, ok, err = s.appendPatch(a, name, base, content(patch), c.device); err != nil {
				return node{}, err
			}
		}
		if ok {
			answer.Attrs["version"] = version
			return answer, nil
		}
		answer.Attrs["type"] = "error" // somebody else was faster
		children = append(children, node{Tag: "error", Attrs: attrs{"code": 409, "text": "conflict"}})
	}
	if d := c.device; !slices.Contains(d.read, name) {
		d.read = append(d.read, name)
	}
	stored := a.collections[name]
	answer.Attrs["version"] = len(stored)
	var patches []node
	for _, p := range stored[min(max(base, 0), len(stored)):] {
		patches = append(patches, node{Tag: "patch", Content: p})
	}
	if len(patches) > 0 {
		children = append(children, node{Tag: "patches", Content: patches})
	}
	if len(children) > 0 {
		answer.Content = children
	}
	return answer, nil
}

// appendPatch stores a patch that was made for the version in force, and tells
// the account's other devices; ok is false when it was made for another one. The
// caller holds s.mu.
func (s *Server) appendPatch(a *account, name string, base int, raw []byte, by *device) (version int, ok bool, err error) {
	if len(a.collections[name]) != base {
		return 0, false, nil
	}
	var patch waServerSync.SyncdPatch
	if err = proto.Unmarshal(raw, &patch); err != nil {
		return 0, false, fmt.Errorf("read a patch of %s: %w", name, err)
	}
	version = base + 1
	patch.Version = &waServerSync.SyncdVersion{Version: proto.Uint64(uint64(version))}
	stored, err := proto.Marshal(&patch)
	if err != nil {
		return 0, false, fmt.Errorf("store a patch of %s: %w", name, err)
	}
	a.collections[name] = append(a.collections[name], stored)
	for _, d := range a.list() {
		if d != by {
			s.deliver(d, s.notification("server_sync", nil, node{Tag: "collection", Attrs: attrs{"name": name, "version": version}}))
		}
	}
	return version, true, nil
}

// patchesSince is what a phone has not read yet of a collection.
func (s *Server) patchesSince(a *account, name string, version uint64) [][]byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	stored := a.collections[name]
	return slices.Clone(stored[min(version, uint64(len(stored))):])
}
