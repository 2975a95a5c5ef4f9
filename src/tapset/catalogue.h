// The catalogue: every probe point of the socket tapset and its neighbours, and every variable they
// offer. `list -l`, `list -L`, semantic errors, the dispatch of events and the docs all derive from
// these rows.
#pragma once

#include <array>
#include <cstdint>
#include <iterator>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "tapset/call.h"
#include "tapset/field.h"
#include "tapset/variable.h"

namespace socktap::tapset {

enum class Operation : std::uint8_t {
  send,
  receive,
  create,
  close,
  net_transmit,  // a packet handed to a device
  net_receive,   // a packet that came from one
  segment,       // a TCP segment among those
  disconnect,    // of a socket from its peer, by connect(2) to AF_UNSPEC
  call,          // a system call
  process,       // one that begins or ends
};
inline constexpr int operation_count = static_cast<int>(Operation::process) + 1;
enum class Phase : std::uint8_t { begin, conclusion };

// How a message reached the socket layer. The paths of a direction partition its messages.
enum class Path : std::uint8_t { none, sendmsg, aio_write, writev, recvmsg, aio_read, readv };
using PathSet = EnumSet<Path>;
inline constexpr PathSet any_send{Path::sendmsg, Path::aio_write, Path::writev};
inline constexpr PathSet any_receive{Path::recvmsg, Path::aio_read, Path::readv};

// Where a probe point takes a variable's value from.
struct PointLabel {
  bool operator==(const PointLabel&) const = default;
};
struct FieldBit {
  Field field;
  std::uint8_t bit;
  bool operator==(const FieldBit&) const = default;
};
struct AddressText {
  Field address;  // local_address or remote_address
  bool operator==(const AddressText&) const = default;
};
// Of a system call: its name, all arguments or the result in words, or one of its variables.
enum class CallText : std::uint8_t { name, argstr, retstr };
struct CallValue {
  Variable variable;
  bool operator==(const CallValue&) const = default;
};
using Extraction = std::variant<PointLabel, Field, FieldBit, AddressText, CallText, CallValue>;

struct Binding {
  Variable variable;
  Extraction from;
  bool of_manual = true;  // SystemTap has the variable at that point; else it is ours
};

// Which sockets a probe point fires for.
enum class Transport : std::uint8_t { any, tcp, udp };

struct ProbePoint {
  std::string_view name;   // "socket.sendmsg.return"
  std::string_view label;  // what the variable `name` says
  Operation operation;
  Phase phase;
  PathSet paths;  // of sends and receives: the paths it fires for; else {none}
  Transport transport;
  std::span<const Binding> bindings;  // the manual's first, in its order
  std::string_view help;
  std::span<const Call> forms = {};  // of system calls: those that it fires for

  const Binding* find(Variable variable) const;  // nullptr if the point has no such variable
  bool has(Variable variable) const { return find(variable) != nullptr; }
  bool covers_every_call() const;  // of those that have no form, too
  constexpr bool fires_for(Operation o, Phase p, Path path) const {
    return operation == o && phase == p && paths.contains(path);
  }
};

// All but those of system calls, in the order of the manual. Addresses are stable: points are
// compared by address.
std::span<const ProbePoint> probe_points();

const ProbePoint* find_probe_point(std::string_view name);  // nullptr if there is none

// The points of system calls, which are many, by themselves: syscall.* and, with the same meaning,
// nd_syscall.*.
std::span<const ProbePoint> call_points();

// What must be captured to know whether the point fires, and for a variable.
FieldSet fields_asked(const ProbePoint& point);
FieldSet fields_of(const ProbePoint& point, const Extraction& from);

// What must be captured to show all that there is of an event at a point: its variables, its task
// and its time.
FieldSet fields_shown(const ProbePoint& point);

// The variables of `point` as -L prints them: "name:string size:long ...". The manual's first.
std::string signature(const ProbePoint& point, bool manual_only = false);

// Whether some probe point fires for it.
bool is_offered(Operation operation, Phase phase);

std::string_view name_of(Operation operation);
std::string_view name_of(Phase phase);
std::string_view name_of(Path path);

}  // namespace socktap::tapset
