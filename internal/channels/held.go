package channels

import "github.com/cirrus/omnichannel/internal/ids"

// Held lists the channels whose connection this server holds.
func (s *Service) Held() []ids.Channel { return s.devices.ids() }
