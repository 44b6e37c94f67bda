using System.Net;

namespace PlanTracker.Tests.Features.Entry;

/// <summary>What everybody may do with a cell in every state: one table, tried over HTTP in all its combinations.</summary>
/// <remarks>
/// <para>
/// A cell without a figure is <c>empty</c>; <c>own draft</c> and <c>colleague's draft</c> hold 32 and were seen by whoever acts; the
/// <c>colleague's unseen draft</c> came, over an approved 30, after the form was opened. <c>submitted</c> and <c>returned</c> speak of 31, <c>approved</c> of 30,
/// <c>under review</c> of 31 over an approved 30; <c>locked</c> is the same after the deadline of its round. People type 33.
/// </para>
/// <para>
/// The <c>author</c> has submitted what waits; a <c>colleague</c> reports the same region, an <c>outsider</c> another one; the
/// <c>author-reviewer</c> has submitted it and holds both roles.
/// </para>
/// </remarks>
public sealed class WorkflowTests(WorkflowPlan plan) : IClassFixture<WorkflowPlan>
{
    /// <summary>The first line that fits decides. What the last column does not name stays as it was.</summary>
    private const string Table = """
        cell                                       | who                                            | action                                            | answer                                                        | afterwards
        any                                        | nobody                                         | any                                               | sign in                                                       |
        any                                        | leader, analyst, administrator, security, auditor | any                                            | forbidden                                                     |
        any                                        | author, colleague, outsider                    | approve, return                                   | forbidden                                                     |
        any                                        | reviewer                                       | save, discard, submit, withdraw, restore          | forbidden                                                     |
        any                                        | outsider                                       | any                                               | not found                                                     |
        any                                        | any                                            | open                                              | done                                                          |

        submitted, under review, locked            | reviewer                                       | approve                                           | done                                                          | approved 31, nothing waits
        submitted, under review, locked            | reviewer                                       | return                                            | done                                                          | returned 31
        submitted, under review, locked            | author-reviewer                                | approve, return                                   | refused: You entered some of these yourself                   |
        any                                        | any                                            | approve, return                                   | refused: Some of these no longer wait for review              |

        empty, own draft, colleague's draft        | any                                            | remark                                            | refused: There is no figure to remark on.                     |
        any                                        | any                                            | remark                                            | done                                                          | one more remark

        submitted, under review                    | author, author-reviewer                        | withdraw                                          | done                                                          | nothing waits, draft 31
        locked                                     | author, author-reviewer                        | withdraw                                          | refused: The reporting round “Year 2025” is over              |
        any                                        | any                                            | withdraw                                          | refused: It no longer waits for review, or it is not yours    |

        empty, own draft, colleague's draft        | any                                            | restore                                           | not found                                                     |
        under review                               | any                                            | restore                                           | done                                                          | draft 30
        submitted, returned, approved              | any                                            | restore                                           | done                                                          |

        locked                                     | any                                            | save, discard, submit, restore                    | refused: The reporting round “Year 2025” is over              |
        colleague's unseen draft                | any                                            | save, discard, submit, restore                    | refused: has drafted 32 here                                  |
        any                                        | any                                            | save                                              | done                                                          | draft 33
        any                                        | any                                            | submit                                            | done                                                          | waits 33, no draft
        empty                                      | any                                            | discard                                           | done                                                          |
        own draft, colleague's draft               | any                                            | discard                                           | done                                                          | no draft
        any                                        | any                                            | discard                                           | refused: An empty cell says nothing, and the figure that stands would stay. |
        """;

    private static readonly IReadOnlyList<Rule> _rules = [.. Table.Split('\n').Skip(1).Where(l => l.Trim().Length > 0).Select(Rule.Parse)];

    public static TheoryData<string> Cells => [.. WorkflowPlan.Cells];

    [Theory]
    [MemberData(nameof(Cells))]
    public void Whoever_does_whatever_with_a_cell_is_answered_by_the_table_and_a_refusal_changes_nothing(string cell)
    {
        var attempts = plan.Outcomes.Where(o => o.Key.Cell == cell).ToList();
        var wrong = attempts.Select(o => (Attempt: o.Key, Expected: RuleFor(o.Key), Outcome: o.Value)).SelectMany(Differences);

        attempts.Should().HaveCount(WorkflowPlan.People.Count * WorkflowPlan.Actions.Count);
        wrong.Should().BeEmpty();
    }

    [Fact]
    public void Every_line_of_the_table_is_needed() =>
        _rules.Except(plan.Outcomes.Keys.Select(RuleFor)).Should().BeEmpty();

    private static Rule RuleFor(Attempt attempt) => _rules.First(r => r.Fits(attempt));

    private static IEnumerable<string> Differences((Attempt Attempt, Rule Expected, Outcome Outcome) tried)
    {
        var (attempt, rule, outcome) = tried;
        if (!rule.IsAnsweredBy(outcome))
            yield return $"{attempt}: {rule.Answer} was expected, and the answer was {outcome.Status} {outcome.Location}";
        var after = rule.Afterwards.Aggregate(outcome.Before, (now, change) => Changed(now, change, attempt.Who));
        if (outcome.After != after)
            yield return $"{attempt}: {after} was expected, and the cell is {outcome.After}";
    }

    private static CellSummary Changed(CellSummary cell, string change, string who) => change.Split(' ') switch
    {
        ["no", "draft"] => cell with { Draft = "" },
        ["draft", var value] => cell with { Draft = $"{value} {WorkflowPlan.NameOf(who)}" },
        ["nothing", "waits"] => cell with { Waits = "" },
        ["waits", var value] => cell with { Waits = $"{value} Submitted" },
        ["returned", var value] => cell with { Waits = $"{value} Returned" },
        ["approved", var value] => cell with { Approved = value },
        ["one", "more", "remark"] => cell with { Remarks = cell.Remarks + 1 },
        _ => throw new FormatException($"The table says “{change}”."),
    };

    private sealed record Rule(string[] Cells, string[] People, string[] Actions, string Answer, string[] Afterwards)
    {
        private const string Refused = "refused: ";

        public static Rule Parse(string line)
        {
            var fields = line.Split('|', StringSplitOptions.TrimEntries);
            return new Rule(List(fields[0], WorkflowPlan.Cells), List(fields[1], WorkflowPlan.People), List(fields[2], WorkflowPlan.Actions), fields[3],
                fields[4].Split(", ", StringSplitOptions.RemoveEmptyEntries));
        }

        public bool Fits(Attempt attempt) => Cells.Contains(attempt.Cell) && People.Contains(attempt.Who) && Actions.Contains(attempt.Action);

        public bool IsAnsweredBy(Outcome outcome) => Answer switch
        {
            "done" => outcome.Status is HttpStatusCode.OK
                || (outcome.Status is HttpStatusCode.Redirect && outcome.Location?.Contains("sign-in", StringComparison.Ordinal) == false),
            "sign in" => outcome.Status is HttpStatusCode.Redirect && outcome.Location?.Contains("/account/sign-in", StringComparison.Ordinal) == true,
            "forbidden" => outcome.Status is HttpStatusCode.Forbidden,
            "not found" => outcome.Status is HttpStatusCode.NotFound,
            _ => outcome.Status is HttpStatusCode.UnprocessableEntity && outcome.Text.Contains(Answer[Refused.Length..], StringComparison.Ordinal),
        };

        private static string[] List(string field, IReadOnlyList<string> all)
        {
            if (field == "any")
                return [.. all];
            var named = field.Split(", ");
            return named.All(all.Contains) ? named : throw new FormatException($"The table names “{field}”.");
        }
    }
}
