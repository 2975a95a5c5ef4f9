// Takes the line numbers out of the collectors, at build time: they make up most of what libbpf
// copies when it opens them, and the verifier checks each of them when it loads one, only to print
// source lines into logs that nobody reads.
//
//   drop_line_info OBJECT
//
// The section .BTF.ext has a header, then functions, lines and CO-RE relocations, each at an offset
// behind the header. What follows the lines moves to where they begin, and the section gets
// shorter.

#include <elf.h>
#include <linux/types.h>

#include <cstddef>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace {

using Bytes = std::vector<char>;

// As the kernel's Documentation/bpf/btf.rst has it.
struct Part {
  __u32 offset, length;
};
struct Header {
  __u16 magic;
  __u8 version, flags;
  __u32 length;
  Part functions, lines, relocations;
};
constexpr __u16 btf_magic = 0xeb9f;

template <typename T>
bool fits(const Bytes& object, std::size_t offset) {
  return offset <= object.size() && object.size() - offset >= sizeof(T);
}

template <typename T>
T get(const Bytes& object, std::size_t offset) {
  T value;
  std::memcpy(&value, &object[offset], sizeof value);
  return value;
}

template <typename T>
void put(const T& value, Bytes& object, std::size_t offset) {
  std::memcpy(&object[offset], &value, sizeof value);
}

// Where the header of that section is.
std::optional<std::size_t> find_section(const Bytes& object, std::string_view name) {
  if (!fits<Elf64_Ehdr>(object, 0)) return std::nullopt;
  const auto elf = get<Elf64_Ehdr>(object, 0);
  const auto place = [&elf](std::size_t i) { return elf.e_shoff + i * sizeof(Elf64_Shdr); };
  if (!fits<Elf64_Shdr>(object, place(elf.e_shstrndx))) return std::nullopt;
  const auto names = get<Elf64_Shdr>(object, place(elf.e_shstrndx)).sh_offset;
  for (std::size_t i = 0; i < elf.e_shnum && fits<Elf64_Shdr>(object, place(i)); ++i) {
    const std::size_t its_name = names + get<Elf64_Shdr>(object, place(i)).sh_name;
    if (its_name < object.size() && name == &object[its_name]) return place(i);
  }
  return std::nullopt;
}

bool drop_lines(Bytes& object) {
  const auto place = find_section(object, ".BTF.ext");
  if (!place) return false;
  auto section = get<Elf64_Shdr>(object, *place);
  if (!fits<Header>(object, section.sh_offset)) return false;
  auto header = get<Header>(object, section.sh_offset);
  const std::size_t begin = section.sh_offset + header.length;
  const Part lines = header.lines;
  const bool is_known = header.magic == btf_magic && header.length >= sizeof header &&
                        header.relocations.offset == lines.offset + lines.length &&
                        begin + header.relocations.offset + header.relocations.length <=
                            section.sh_offset + section.sh_size;
  if (!is_known) return false;
  std::memmove(&object[begin + lines.offset], &object[begin + header.relocations.offset],
               header.relocations.length);
  header.relocations.offset = lines.offset;
  header.lines.length = 0;
  section.sh_size -= lines.length;
  put(header, object, section.sh_offset);
  put(section, object, *place);
  return true;
}

}  // namespace

int main(int count, char** words) {
  if (count != 2) return 2;
  std::ifstream in(words[1], std::ios::binary);
  Bytes object((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  object.push_back('\0');  // ends the last name, whatever is in the file
  if (!in || !drop_lines(object)) {
    std::fprintf(stderr, "%s: there is no .BTF.ext as it is known\n", words[1]);
    return 1;
  }
  object.pop_back();
  std::ofstream out(words[1], std::ios::binary | std::ios::trunc);
  out.write(object.data(), static_cast<std::streamsize>(object.size()));
  return out.flush() ? 0 : 1;
}
