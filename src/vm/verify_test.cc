#include "vm/verify.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

#include "language/language.h"
#include "vm/compile.h"

namespace socktap::vm {
namespace {

// One of everything that has an index.
constexpr std::string_view script =
    "global n, text = \"\", stat, numbers, texts, stats\n"
    "function twice(s:string, x) { return x + strlen(s) }\n"
    "probe socket.send {\n"
    "  n = twice(\"a\", size)\n"
    "  text = sprintf(\"%s %5.*d\", name, n, n)\n"
    "  stat <<< n\n"
    "  numbers[text, n] = n\n"
    "  texts[n] = text\n"
    "  stats[text] <<< n\n"
    "  if ([*, 3] in numbers) delete numbers[\"a\", *]\n"
    "  foreach ([s, x-] in numbers[*, 3] limit n) print(s, x, \"\\n\")\n"
    "  foreach (b in @hist_log(stat)) println(@hist_log(stat)[b], @avg(stats[text]))\n"
    "  if (text =~ \"a\") print(@hist_log(stats[text]))\n"
    "}\n";

Code compiled() {
  SourceMap sources;
  const language::Invocation invocation;
  const auto source = sources.add("verify.stp", std::string(script));
  const auto parsed = language::parse(sources, source, invocation);
  EXPECT_TRUE(parsed.value);
  const auto checked = language::check(*parsed.value, invocation);
  EXPECT_TRUE(checked.value);
  return compile(*checked.value);
}

Instruction& first(Code& code, Opcode opcode) {
  const auto found = std::find_if(code.instructions.begin(), code.instructions.end(),
                                  [&](const Instruction& each) { return each.opcode == opcode; });
  EXPECT_NE(found, code.instructions.end()) << name_of(opcode);
  return *found;
}

struct Mistake {
  const char* complaint;
  std::function<void(Code&)> make;
};

const Mistake mistakes[] = {
    {"number register", [](Code& code) { first(code, Opcode::set_number).b = 99; }},
    {"text register", [](Code& code) { first(code, Opcode::set_text).b = 99; }},
    {"number global", [](Code& code) { first(code, Opcode::set_number).a = 1; }},
    {"text global", [](Code& code) { first(code, Opcode::set_text).a = 1; }},
    {"statistic", [](Code& code) { first(code, Opcode::stat_add).a = 1; }},
    {"array", [](Code& code) { first(code, Opcode::array_set_number).a = 3; }},
    {"wrong number of keys", [](Code& code) { first(code, Opcode::array_set_number).a = 1; }},
    {"wrong type", [](Code& code) { first(code, Opcode::array_set_text).a = 2; }},
    {"wrong type",
     [](Code& code) {
       code.lists[first(code, Opcode::array_set_number).b][0].kind = Operand::Kind::any;
     }},
    {"list", [](Code& code) { first(code, Opcode::array_delete).b = 9999; }},
    {"function", [](Code& code) { first(code, Opcode::call_number).b = 1; }},
    {"argument of the wrong type",
     [](Code& code) {
       OperandList& arguments = code.lists[first(code, Opcode::call_number).c];
       std::swap(arguments[0], arguments[1]);
     }},
    {"wrong number of arguments", [](Code& code) { code.functions[0].parameters.pop_back(); }},
    {"library site", [](Code& code) { first(code, Opcode::library_number).b = 99; }},
    {"wrong number of arguments",
     [](Code& code) { code.lists[code.library_sites[0].arguments].clear(); }},
    {"extraction", [](Code& code) { first(code, Opcode::extract).b = 99; }},
    {"no statistics", [](Code& code) { code.extract_sites[0].place.slot = 1; }},
    {"statistic", [](Code& code) { code.bucket_sites[0].place.slot = 1; }},
    {"number register", [](Code& code) { code.bucket_sites[0].index = 99; }},
    {"bucket site", [](Code& code) { first(code, Opcode::bucket).b = 99; }},
    {"print site", [](Code& code) { first(code, Opcode::print).a = 99; }},
    {"text register", [](Code& code) { code.print_sites[0].pieces[0].index = 99; }},
    {"text register", [](Code& code) { code.print_sites[0].texts[0] = 99; }},
    {"for its conversion",
     [](Code& code) { code.lists[code.print_sites[0].pieces[1].index].pop_back(); }},
    {"wrong type",
     [](Code& code) {
       code.lists[code.print_sites[0].pieces[1].index][1].kind = Operand::Kind::text;
     }},
    {"foreach site", [](Code& code) { first(code, Opcode::foreach_begin).b = 99; }},
    {"array", [](Code& code) { code.foreach_sites[0].array = 3; }},
    {"wrong number of keys", [](Code& code) { code.foreach_sites[0].array = 1; }},
    {"wrong type",
     [](Code& code) {
       auto& keys = code.foreach_sites[0].keys;
       std::swap(keys[0], keys[1]);
     }},
    {"key to sort by", [](Code& code) { code.foreach_sites[0].sort_column = 2; }},
    {"pattern", [](Code& code) { first(code, Opcode::match).c = 1; }},
    {"jump", [](Code& code) { first(code, Opcode::jump).a = 0; }},
};

TEST(Verify, FindsNothingInWhatWasCompiled) {
  EXPECT_EQ(verify(compiled()), std::vector<std::string>());
}

TEST(Verify, FindsEveryMistake) {
  for (const Mistake& mistake : mistakes) {
    Code code = compiled();
    mistake.make(code);
    const std::vector<std::string> complaints = verify(code);
    EXPECT_TRUE(std::ranges::any_of(complaints,
                                    [&](const std::string& complaint) {
                                      return complaint.find(mistake.complaint) != std::string::npos;
                                    }))
        << mistake.complaint << ", but: " << testing::PrintToString(complaints);
  }
}

}  // namespace
}  // namespace socktap::vm
