#include "event/call_text.h"

#include <fmt/format.h>

#include <cassert>

#include "base/errno_names.h"
#include "event/call_rendering.h"
#include "event/constants.h"

namespace socktap {

using tapset::Call;
using tapset::CallVariable;
using tapset::Rendering;
using tapset::Variable;
using tapset::Width;

namespace {

constexpr std::uint64_t page_size = 4096;  // of mmap2, whatever the machine's

// A value as the kernel's declaration of the parameter has it.
std::int64_t uint32(std::int64_t value) { return static_cast<std::uint32_t>(value); }
std::int64_t int32(std::int64_t value) { return static_cast<std::int32_t>(value); }
std::int64_t word(std::int64_t value) { return value; }

// The variable itself where what is printed only names it.
const CallVariable& resolve(const CallVariable& printed, const Call& call) {
  const CallVariable* const named =
      printed.name == Variable::none ? nullptr : call.find(printed.name);
  return named == nullptr ? printed : *named;
}

[[maybe_unused]] bool is_number(const CallVariable& variable) {
  return variable.rendering == Rendering::number ||
         variable.rendering == Rendering::int32_in_memory ||
         variable.rendering == Rendering::word_in_memory;
}

void append_number(char conversion, bool alternate, std::int64_t number, std::string& out) {
  const auto bits = static_cast<std::uint64_t>(number);
  switch (conversion) {
    case 'd':
      fmt::format_to(std::back_inserter(out), "{}", number);
      return;
    case 'u':
      fmt::format_to(std::back_inserter(out), "{}", bits);
      return;
    case 'o':  // unlike in C, 0 gets its prefix too
      fmt::format_to(std::back_inserter(out), "{}{:o}", alternate ? "0" : "", bits);
      return;
    case 'x':
      fmt::format_to(std::back_inserter(out), "{}{:x}", alternate ? "0x" : "", bits);
      return;
    default:
      assert(conversion == 'p');
      out += hex(bits);
  }
}

}  // namespace

std::int64_t argument_of(Width width, std::size_t argument, const CallView& view) {
  const std::uint64_t whole = view.arguments[argument];
  const auto low = static_cast<std::uint32_t>(whole);
  const std::uint64_t unsigned_word = view.compat ? low : whole;
  switch (width) {
    case Width::none:
      return 0;
    case Width::int16:
      return static_cast<std::int16_t>(whole);
    case Width::int32:
      return static_cast<std::int32_t>(low);
    case Width::uint32:
      return low;
    case Width::word:
      return view.compat ? static_cast<std::int32_t>(low) : static_cast<std::int64_t>(whole);
    case Width::unsigned_word:
      return static_cast<std::int64_t>(unsigned_word);
    case Width::pair:
      return static_cast<std::int64_t>(view.arguments[argument + 1] << 32 | low);
    case Width::page:
      return static_cast<std::int64_t>(unsigned_word * page_size);
  }
  return 0;
}

CallMemory memory_of(std::int8_t capture, const CallView& view) {
  const auto index = static_cast<std::uint8_t>(capture);
  const auto address = static_cast<std::uint64_t>(
      argument_of(Width::unsigned_word, view.call->captures[index].argument, view));
  const CallView::Memory& memory = view.memory[index];
  const bool read = memory.read && address != 0;
  const std::string_view bytes(memory.bytes.data(), read ? memory.bytes.size() : 0);
  return {address, bytes, read};
}

CallMemory memory_of(const CallVariable& variable, const CallView& view) {
  if (variable.capture != CallVariable::not_captured) return memory_of(variable.capture, view);
  const std::int64_t address = argument_of(Width::unsigned_word, variable.argument, view);
  return {static_cast<std::uint64_t>(address), {}, false};
}

std::int64_t value_of(Variable variable, const CallView& view) {
  const CallVariable* const found = view.call->find(variable);
  assert(found != nullptr);
  return number_of(*found, view);
}

std::string hex(std::uint64_t number) { return fmt::format("{:#x}", number); }

std::string missing(const CallMemory& memory, std::size_t size) {
  if (memory.address == 0) return "NULL";
  return memory.read && memory.bytes.size() >= size ? std::string() : hex(memory.address);
}

std::int64_t number_of(const CallVariable& variable, const CallView& view) {
  assert(is_number(variable));
  switch (variable.rendering) {
    case Rendering::int32_in_memory:
      return memory_of(variable, view).at<std::int32_t>(variable.argument);
    case Rendering::word_in_memory:
      return memory_of(variable, view).at<std::int64_t>(variable.argument);
    default:
      return argument_of(variable.width, variable.argument, view);
  }
}

std::string text_of(const CallVariable& variable, const CallView& view) {
  switch (variable.rendering) {
#define SOCKTAP_NUMBER(id) case Rendering::id:
#define SOCKTAP_TEXT(id)
#define SOCKTAP_ONE_OF(id, taken_as, base)
#define SOCKTAP_ANY_OF(id, taken_as, base)
#include "tapset/renderings.def"
#undef SOCKTAP_NUMBER
#undef SOCKTAP_TEXT
#undef SOCKTAP_ONE_OF
#undef SOCKTAP_ANY_OF
    break;

#define SOCKTAP_NUMBER(id)
#define SOCKTAP_TEXT(id) \
  case Rendering::id:    \
    return rendering::id(variable, view);
#define SOCKTAP_ONE_OF(id, taken_as, base) \
  case Rendering::id:                      \
    return constants::name_of(constants::id, taken_as(value_of(variable.of, view)), base);
#define SOCKTAP_ANY_OF(id, taken_as, base) \
  case Rendering::id:                      \
    return constants::names_of_bits(constants::id, taken_as(value_of(variable.of, view)), base);
#include "tapset/renderings.def"
#undef SOCKTAP_NUMBER
#undef SOCKTAP_TEXT
#undef SOCKTAP_ONE_OF
#undef SOCKTAP_ANY_OF
  }
  assert(false && "a number has no text");
  return {};
}

std::string argstr_of(const CallView& view) {
  const Call& call = *view.call;
  std::string text;
  const auto* printed = call.prints.begin();
  for (std::string_view format = call.argstr; !format.empty();) {
    const std::size_t literal = std::min(format.find('%'), format.size());
    text += format.substr(0, literal);
    format.remove_prefix(literal);
    if (format.empty()) break;
    const bool alternate = format[1] == '#';
    const char conversion = format[alternate ? 2 : 1];
    format.remove_prefix(alternate ? 3 : 2);
    const CallVariable& variable = resolve((printed++)->what, call);
    if (conversion == 's') {
      text += text_of(variable, view);
    } else {
      append_number(conversion, alternate, number_of(variable, view), text);
    }
  }
  return text;
}

std::string retstr_of(const CallView& view) {
  using tapset::Base;
  const std::int64_t result = view.result;
  if (view.call->result == Base::nothing) return "void";
  if (view.call->result == Base::clock_state) {
    return fmt::format("{} ({})", static_cast<std::int32_t>(result),
                       constants::name_of(constants::clock_states, int32(result), 10));
  }
  const std::string_view error =
      result < 0 ? errno_name(0 - static_cast<std::uint64_t>(result)) : std::string_view();
  if (!error.empty()) return fmt::format("{} ({})", result, error);
  std::string text;
  switch (view.call->result) {
    case Base::hex:
      append_number('x', true, result, text);
      break;
    case Base::octal:
      append_number('o', true, result, text);
      break;
    default:
      append_number('d', false, result, text);
  }
  return text;
}

}  // namespace socktap
