#include "event/derived.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <functional>
#include <span>

#include "base/overloaded.h"
#include "event/call_text.h"
#include "tapset/calls.h"

namespace socktap {
namespace {

using tapset::AddressText;
using tapset::CallText;
using tapset::CallValue;
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

// What form the event's call has; nullptr: none that is known.
const tapset::Call* form_of(const Event& event) {
  return event.call_form == 0 ? nullptr : &tapset::calls()[event.call_form - 1];
}

// Whether `form` itself, not an equal one, is among `forms`.
bool is_one_of(std::span<const tapset::Call> forms, const tapset::Call& form) {
  return std::greater_equal()(&form, forms.data()) &&
         std::less()(&form, forms.data() + forms.size());
}

template <std::size_t size>
CallView::Memory memory_of(const char (&bytes)[size], __u16 captured) {
  const bool read = captured != SOCKTAP_NOT_CAPTURED;
  return {{bytes, read ? std::min(std::size_t{captured}, size) : 0}, read};
}

CallView view_of(const Event& event, const tapset::Call& form) {
  const EventTail& tail = tail_of(event);
  CallView view{.call = &form, .compat = event.is_compat != 0, .result = event.size};
  std::ranges::copy(tail.call.arguments, view.arguments.begin());
  view.memory[0] = memory_of(tail.call.capture_0, tail.call.captured[0]);
  view.memory[1] = memory_of(tail.call.capture_1, tail.call.captured[1]);
  return view;
}

std::string call_text(const Event& event, CallText text) {
  const tapset::Call* form = form_of(event);
  if (form == nullptr) return {};
  switch (text) {
    case CallText::name:
      return std::string(form->shown_name());
    case CallText::argstr:
      return argstr_of(view_of(event, *form));
    case CallText::retstr:
      return retstr_of({.call = form, .compat = event.is_compat != 0, .result = event.size});
  }
  return {};
}

// A form may lack what another form of the point has.
const tapset::CallVariable* variable_of(const Event& event, CallValue value) {
  const tapset::Call* form = form_of(event);
  return form == nullptr ? nullptr : form->find(value.variable);
}

std::int64_t call_number(const Event& event, CallValue value) {
  const tapset::CallVariable* variable = variable_of(event, value);
  return variable == nullptr ? 0 : number_of(*variable, view_of(event, *form_of(event)));
}

std::string call_text(const Event& event, CallValue value) {
  const tapset::CallVariable* variable = variable_of(event, value);
  return variable == nullptr ? std::string() : text_of(*variable, view_of(event, *form_of(event)));
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
                               [&](const CallValue& value) { return call_number(event, value); },
                               [](const auto&) { return std::int64_t{0}; }},
                    from);
}

std::string text_from(const tapset::Extraction& from, const tapset::ProbePoint& point,
                      const Event& event) {
  return std::visit(
      Overloaded{[&](const PointLabel&) { return std::string(point.label); },
                 [&](const AddressText& text) { return address_text(event, text.address); },
                 [&](const CallText& text) { return call_text(event, text); },
                 [&](const CallValue& value) { return call_text(event, value); },
                 [&](const Field& field) {
                   const FieldLayout layout = layout_of(field);
                   return std::string(text_at(event, layout.offset, layout.width));
                 },
                 [](const FieldBit&) { return std::string(); }},
      from);
}

bool concerns_some(const tapset::ProbePoint& point, const Event& event) {
  if (point.operation == tapset::Operation::call) {
    const tapset::Call* form = form_of(event);
    return form == nullptr ? point.covers_every_call() : is_one_of(point.forms, *form);
  }
  if (point.transport == tapset::Transport::any) return true;
  if (event.family != AF_INET && event.family != AF_INET6) return false;
  const bool tcp = point.transport == tapset::Transport::tcp;
  return event.protocol == (tcp ? IPPROTO_TCP : IPPROTO_UDP) &&
         event.type == (tcp ? SOCK_STREAM : SOCK_DGRAM);
}

}  // namespace socktap
