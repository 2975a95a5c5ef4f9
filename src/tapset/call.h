// A system call: what the probe points syscall.NAME offer of it, and how it is written out.
#pragma once

#include <algorithm>
#include <array>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string_view>

#include "tapset/variable.h"

namespace socktap::tapset {

// How a value becomes a number or a text; event/call_text.h does it.
enum class Rendering : std::uint8_t {
#define SOCKTAP_ONE_OF(id, taken_as, base) id,
#define SOCKTAP_ANY_OF(id, taken_as, base) id,
#define SOCKTAP_TEXT(id) id,
#define SOCKTAP_NUMBER(id) id,
#include "tapset/renderings.def"
#undef SOCKTAP_ONE_OF
#undef SOCKTAP_ANY_OF
#undef SOCKTAP_TEXT
#undef SOCKTAP_NUMBER
};

// How much of an argument's register counts, and what becomes of its sign. A word has 32 bits in a
// 32-bit task.
enum class Width : std::uint8_t {
  none,  // 0, whatever the arguments are: a flag that this form of the call lacks
  int16,
  int32,
  uint32,
  word,
  unsigned_word,
  pair,  // 64 bits of a 32-bit task: the low half here, the high half in the next argument
  page,  // an unsigned word that counts pages of 4096 bytes
};

// Memory of the task that is captured when the call begins or returns. Only so many bytes are kept.
struct Capture {
  enum class How : std::uint8_t {
    nothing,
    string,   // up to the zero byte, which is captured too where it fits
    bytes,    // as many as the argument `count`, which is unsigned, says
    fixed,    // `count` bytes
    strings,  // those that a list of pointers, which NULL ends, points to: one after the other,
              // each with its zero byte; a last one without it was cut
  };
  How how = How::nothing;
  std::uint8_t argument = 0;  // its address
  std::uint8_t count = 0;
};
inline constexpr std::array<std::size_t, 2> capture_sizes{256, 128};

// One variable of a call, or something that only its argstr has. Its type is that of the name.
struct CallVariable {
  Variable name = Variable::none;
  Rendering rendering = Rendering::number;
  Width width = Width::none;       // of `number`: it is this much of `argument`
  std::uint8_t argument = 0;       // of memory that is not captured: its address; of a number in
                                   // captured memory: its offset
  Variable of = Variable::none;    // of a text that is made of another variable
  Variable with = Variable::none;  // and, where it takes two, the second
  std::int8_t capture = not_captured;  // of a text or number that is made of memory

  static constexpr std::int8_t not_captured = -1;
};

// A short list, in place so that calls are constants.
template <typename T, std::size_t capacity>
class ShortList {
 public:
  constexpr ShortList() = default;
  constexpr ShortList(std::initializer_list<T> items) : size_(items.size()) {
    assert(items.size() <= capacity);
    std::copy(items.begin(), items.end(), items_.begin());
  }
  constexpr const T* begin() const { return items_.data(); }
  constexpr const T* end() const { return items_.data() + size_; }
  constexpr std::size_t size() const { return size_; }
  constexpr bool empty() const { return size_ == 0; }
  constexpr const T& operator[](std::size_t index) const { return items_[index]; }

 private:
  std::array<T, capacity> items_{};
  std::size_t size_ = 0;
};

// What argstr prints at one conversion: a variable of the call by its name, or something unnamed.
struct Printed {
  CallVariable what;

  constexpr Printed() = default;
  constexpr Printed(Variable variable) : what{.name = variable} {}
  constexpr Printed(const CallVariable& unnamed) : what(unnamed) {}
};

// In what base retstr writes a result that is no error.
enum class Base : std::uint8_t { decimal, hex, octal, clock_state, nothing };

// One form of a call. Calls whose arguments differ from one kernel entry to another, or between
// 64-bit and 32-bit tasks, have several, of one point or of several.
struct Call {
  std::string_view point;  // syscall.POINT
  std::string_view name;   // its variable `name`: that of the point if none is given
  // The kernel's names, as libseccomp spells them: what 64-bit tasks call and what 32-bit tasks do.
  ShortList<std::string_view, 3> native;
  ShortList<std::string_view, 4> compat;
  std::uint8_t socketcall = 0;  // what socketcall(2), of 32-bit tasks, calls it; 0: it does not
  bool returns = true;
  bool of_systemtap = true;  // SystemTap 4.8 has the point; else it is ours
  Base result = Base::decimal;
  std::array<Capture, 2> captures{};
  // Without name, argstr, retval and retstr, which every call has.
  ShortList<CallVariable, 16> variables;
  std::string_view argstr;  // as for printf: %s %d %u %x %o %p with the flag '#'
  ShortList<Printed, 8> prints;

  constexpr std::string_view shown_name() const { return name.empty() ? point : name; }
  constexpr const CallVariable* find(Variable variable) const {
    const auto found = std::find_if(variables.begin(), variables.end(),
                                    [&](const CallVariable& v) { return v.name == variable; });
    return found == variables.end() ? nullptr : found;
  }
};

}  // namespace socktap::tapset
