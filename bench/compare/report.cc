#include "compare/report.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "compare/targets.h"

namespace socktap::bench {
namespace {

std::string rounded(double value) {
  const double size = value < 0 ? -value : value;
  return fmt::format("{:.{}f}", value, size < 10 ? 2 : size < 100 ? 1 : 0);
}

std::string nanoseconds(double value) { return fmt::format("{:.0f}", value); }

std::string with_spread(const Spread& spread) {
  return fmt::format("{:.0f} ({:.0f}–{:.0f})", spread.median, spread.least, spread.most);
}

std::string as_quotient(const Spread& spread) {
  return fmt::format("{:.2f} ({:.2f}–{:.2f})", spread.median, spread.least, spread.most);
}

// What is not in the output, or what the tracer itself says is lost where nobody knows the truth.
std::string lost(const Measured& one) {
  if (!one.missing) return one.lost == 0 ? "–" : fmt::format("{} reported", one.lost);
  if (*one.missing == 0) return "0";
  return fmt::format("{:.2f} %", 100 * one.missing_share());
}

std::string verdict(const Judgement& one) {
  if (!one.measured) return "not measured: " + one.reason;
  return one.met ? "met" : "**not met**";
}

Table targets_table(const Results& results) {
  Table table{"targets", "Targets", {"work", "target", "measured", ""}, {}};
  for (const Judgement& one : judge(results))
    table.rows.push_back({one.work, one.target,
                          one.measured ? rounded(*one.measured) + " " + one.unit : "–",
                          verdict(one)});
  return table;
}

// Requests are as long as they are; what tracing makes of them is a ratio.
Table section_table(const SectionResults& section) {
  Table table{section.name, section.title, {}, {}};
  if (!section.grouped_by.empty()) table.head.push_back(section.grouped_by);
  for (const char* column : {"", "work", "untraced, ns", "added, ns", "traced / untraced",
                             "own CPU, ns", "lost", "memory, MB", "thousand a second"})
    table.head.emplace_back(column);
  for (const Measured& one : section.measured) {
    if (!one.is_measured()) continue;
    std::vector<std::string> row;
    if (!section.grouped_by.empty()) row.push_back(one.group);
    for (const std::string& cell :
         {one.subject, one.work, nanoseconds(one.untraced_ns.median), with_spread(one.added_ns),
          fmt::format("{:.2f}", one.ratio.median), nanoseconds(one.own_ns.median), lost(one),
          fmt::format("{:.1f}", one.peak_mb), fmt::format("{:.0f}", one.rate / 1000)})
      row.push_back(cell);
    table.rows.push_back(std::move(row));
  }
  return table;
}

Table commands_table(const Results& results) {
  Table table{
      "commands",
      "A command traced by ptrace from its exec to its end, on the clock by message",
      {"sockets", "", "work", "untraced, ns", "added, ns", "CPU added, ns", "beside strace"},
      {}};
  for (const CommandCost& one : results.commands) {
    if (!one.is_measured()) continue;
    table.rows.push_back({one.sockets, one.subject, one.work, nanoseconds(one.untraced_ns.median),
                          with_spread(one.added_ns), nanoseconds(one.added_cpu_ns.median),
                          one.beside_strace ? as_quotient(*one.beside_strace) : "–"});
  }
  return table;
}

Table starts_table(const Results& results) {
  Table table{"start",
              "Start: from exec until the first event's line was read",
              {"", "clock, ms", "CPU, ms"},
              {}};
  for (const Started& one : results.starts)
    if (one.is_measured())
      table.rows.push_back({one.subject, with_spread(one.clock_ms), with_spread(one.cpu_ms)});
  return table;
}

std::size_t columns_of(const std::string& text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (c & 0xc0) != 0x80; }));
}

void replace_place(std::string& page, const std::string& name, const std::string& text) {
  const std::string begin = "<!-- bench " + name + " -->\n";
  const std::size_t from = page.find(begin);
  if (from == std::string::npos) return;
  const std::size_t to = page.find("<!-- end -->", from);
  if (to == std::string::npos) return;
  page.replace(from + begin.size(), to - from - begin.size(), text);
}

}  // namespace

std::string circumstances(const Results& results) {
  const Machine& machine = results.machine;
  return fmt::format("Measured {} on {} CPUs ({}), Linux {}, {}; {}; {:.0f} s{}, seed {}.",
                     machine.date, machine.cpus, machine.processor, machine.kernel,
                     machine.distribution, fmt::join(machine.versions, ", "), results.seconds,
                     results.quick ? " (--quick)" : "", results.seed);
}

std::vector<Table> tables_of(const Results& results) {
  std::vector<Table> tables{targets_table(results)};
  for (const SectionResults& section : results.sections) tables.push_back(section_table(section));
  if (!results.commands.empty()) tables.push_back(commands_table(results));
  if (!results.starts.empty()) tables.push_back(starts_table(results));
  return tables;
}

std::string as_text(const Table& table) {
  std::vector<std::size_t> widths(table.head.size());
  const auto measure = [&](const std::vector<std::string>& row) {
    for (std::size_t i = 0; i < row.size(); ++i)
      widths[i] = std::max(widths[i], columns_of(row[i]));
  };
  measure(table.head);
  for (const auto& row : table.rows) measure(row);
  std::string text = table.title + "\n";
  const auto add = [&](const std::vector<std::string>& row) {
    std::string line = " ";
    for (std::size_t i = 0; i < row.size(); ++i)
      line += " " + row[i] + std::string(widths[i] - columns_of(row[i]) + 1, ' ');
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  };
  add(table.head);
  for (const auto& row : table.rows) add(row);
  return text;
}

std::string as_markdown(const Table& table) {
  const auto line = [](const std::vector<std::string>& row) {
    return fmt::format("| {} |\n", fmt::join(row, " | "));
  };
  std::string text = line(table.head) + line(std::vector<std::string>(table.head.size(), "---"));
  for (const auto& row : table.rows) text += line(row);
  return text;
}

std::string fill_page(const std::string& page, const Results& results) {
  std::string filled = page;
  replace_place(filled, "machine", circumstances(results) + "\n");
  for (const Table& table : tables_of(results))
    replace_place(filled, table.name, as_markdown(table));
  return filled;
}

}  // namespace socktap::bench
