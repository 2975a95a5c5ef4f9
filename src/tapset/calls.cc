#include "tapset/calls.h"

#include <algorithm>

namespace socktap::tapset {
namespace {

// The words of the tables below: captures, variables that are numbers, variables that are texts.

constexpr Capture nothing{};
constexpr Capture string(std::uint8_t argument) { return {Capture::How::string, argument, 0}; }
constexpr Capture bytes(std::uint8_t argument, std::uint8_t count) {
  return {Capture::How::bytes, argument, count};
}
constexpr Capture fixed(std::uint8_t argument, std::uint8_t size) {
  return {Capture::How::fixed, argument, size};
}
constexpr Capture argv(std::uint8_t argument) { return {Capture::How::strings, argument, 0}; }

using Id = Variable;

constexpr CallVariable taken(Id name, Width width, std::uint8_t argument) {
  return {.name = name, .width = width, .argument = argument};
}
constexpr CallVariable i16(Id name, std::uint8_t a) { return taken(name, Width::int16, a); }
constexpr CallVariable i32(Id name, std::uint8_t a) { return taken(name, Width::int32, a); }
constexpr CallVariable u32(Id name, std::uint8_t a) { return taken(name, Width::uint32, a); }
constexpr CallVariable word(Id name, std::uint8_t a) { return taken(name, Width::word, a); }
constexpr CallVariable uword(Id name, std::uint8_t a) {
  return taken(name, Width::unsigned_word, a);
}
constexpr CallVariable ptr(Id name, std::uint8_t a) { return uword(name, a); }
constexpr CallVariable pair(Id name, std::uint8_t low) { return taken(name, Width::pair, low); }
constexpr CallVariable page(Id name, std::uint8_t a) { return taken(name, Width::page, a); }
constexpr CallVariable zero(Id name) { return taken(name, Width::none, 0); }

// Made of another variable, or of two.
constexpr CallVariable text(Id name, Rendering rendering, Id of, Id with = Id::none) {
  return {.name = name, .rendering = rendering, .of = of, .with = with};
}
constexpr CallVariable shown(Rendering rendering, Id of, Id with = Id::none) {
  return text(Id::none, rendering, of, with);
}
// Made of the whole call.
constexpr CallVariable whole(Rendering rendering) { return {.rendering = rendering}; }
constexpr CallVariable whole(Id name, Rendering rendering) {
  return {.name = name, .rendering = rendering};
}

// Made of what a capture holds, or would hold if there were a third.
constexpr CallVariable memory(Id name, Rendering rendering, std::int8_t capture,
                              std::uint8_t offset = 0) {
  return {.name = name, .rendering = rendering, .argument = offset, .capture = capture};
}
constexpr CallVariable memory(Rendering rendering, std::int8_t capture) {
  return memory(Id::none, rendering, capture);
}
constexpr CallVariable uncaptured(Id name, Rendering rendering, std::uint8_t argument) {
  return {.name = name, .rendering = rendering, .argument = argument};
}
constexpr CallVariable uncaptured(Rendering rendering, std::uint8_t argument) {
  return uncaptured(Id::none, rendering, argument);
}

// clone(2) has the address of the child's id before or after that of its thread-local storage.
#if defined(__x86_64__)
constexpr std::uint8_t native_clone_child = 3;
#else
constexpr std::uint8_t native_clone_child = 4;
#endif

using enum Variable;
using enum Rendering;

constexpr Call rows[] = {
#include "tapset/calls_of_descriptors.def"
#include "tapset/calls_of_memory.def"
#include "tapset/calls_of_paths.def"
#include "tapset/calls_of_processes.def"
#include "tapset/calls_of_signals.def"
#include "tapset/calls_of_sockets.def"
#include "tapset/calls_of_system.def"
#include "tapset/calls_of_time.def"
};

}  // namespace

std::span<const Call> calls() { return rows; }

std::span<const Call> calls_of(std::string_view point) {
  const auto of_point = [&](const Call& call) { return call.point == point; };
  const auto first = std::ranges::find_if(rows, of_point);
  return {first, std::find_if_not(first, std::ranges::end(rows), of_point)};
}

}  // namespace socktap::tapset
