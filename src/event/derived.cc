#include "event/derived.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "base/overloaded.h"

namespace socktap {
namespace {

using tapset::AddressText;
using tapset::Field;
using tapset::FieldBit;
using tapset::PointLabel;

std::string address_text(const Event& event, Field field) {
  const EventTail& tail = tail_of(event);
  const __u8* address = field == Field::local_address ? tail.local_address : tail.remote_address;
  char text[INET6_ADDRSTRLEN];
  if (::inet_ntop(tail.address_family, address, text, sizeof(text)) == nullptr) return {};
  return text;
}

}  // namespace

std::optional<FieldLayout> plain_field(const tapset::Extraction& extraction) {
  const auto* field = std::get_if<Field>(&extraction);
  return field ? std::optional(layout_of(*field)) : std::nullopt;
}

std::int64_t number_from(const tapset::Extraction& from, const Event& event) {
  return std::visit(Overloaded{[&](const Field& field) { return load(event, layout_of(field)); },
                               [&](const FieldBit& bit) {
                                 return load(event, layout_of(bit.field)) >> bit.bit & 1;
                               },
                               [](const PointLabel&) { return std::int64_t{0}; },
                               [](const AddressText&) { return std::int64_t{0}; }},
                    from);
}

std::string text_from(const tapset::Extraction& from, const tapset::ProbePoint& point,
                      const Event& event) {
  return std::visit(
      Overloaded{[&](const PointLabel&) { return std::string(point.label); },
                 [&](const AddressText& text) { return address_text(event, text.address); },
                 [&](const Field& field) {
                   const FieldLayout layout = layout_of(field);
                   return std::string(text_at(event, layout.offset, layout.width));
                 },
                 [](const FieldBit&) { return std::string(); }},
      from);
}

bool concerns(const tapset::ProbePoint& point, const Event& event) {
  if (point.transport == tapset::Transport::any) return true;
  if (event.family != AF_INET && event.family != AF_INET6) return false;
  const bool tcp = point.transport == tapset::Transport::tcp;
  return event.protocol == (tcp ? IPPROTO_TCP : IPPROTO_UDP) &&
         event.type == (tcp ? SOCK_STREAM : SOCK_DGRAM);
}

}  // namespace socktap
