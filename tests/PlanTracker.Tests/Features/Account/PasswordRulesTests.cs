using Microsoft.Extensions.Options;
using PlanTracker.Platform.Security;

namespace PlanTracker.Tests.Features.Account;

/// <summary>What a password must be, in each of the two profiles.</summary>
public sealed class PasswordRulesTests
{
    [Theory]
    [InlineData("elevenchars", PasswordFault.TooShort)]
    [InlineData("abababababab", PasswordFault.TooMonotonous)]
    [InlineData("1qaz2wsx3edc", PasswordFault.Known)]
    [InlineData("1QAZ2WSX3EDC", PasswordFault.Known)]
    [InlineData("password1234!", PasswordFault.Known)]
    [InlineData("2024!!sunshine", PasswordFault.Known)]
    [InlineData("my zhang.wei house", PasswordFault.HoldsName)]
    [InlineData("the PlanTracker one", PasswordFault.HoldsName)]
    [InlineData("horses eat green staples", null)]
    [InlineData("马 吃 绿色 订书钉 在 山上 唱歌", null)]
    public void Long_and_not_known_is_enough_by_ASVS(string password, PasswordFault? fault) => Fault(PasswordPolicy.Asvs, password).Should().Be(fault);

    [Theory]
    [InlineData("horses eat green staples", PasswordFault.TooFewKinds)]
    [InlineData("Horses Eat Staples", null)]
    [InlineData("horseseatstaples7", PasswordFault.TooFewKinds)]
    [InlineData("horses eat 7 staples", null)]
    [InlineData("Horses7EatStaples", null)]
    [InlineData("Password1234!", PasswordFault.Known)]
    public void Three_kinds_of_characters_are_asked_for_by_MLPS(string password, PasswordFault? fault) => Fault(PasswordPolicy.Mlps, password).Should().Be(fault);

    [Fact]
    public void What_is_longer_than_it_can_be_checked_in_time_is_refused() =>
        Fault(PasswordPolicy.Asvs, string.Concat(Enumerable.Repeat("horses eat ", 12))).Should().Be(PasswordFault.TooLong);

    [Fact]
    public void Only_one_of_the_two_lets_passwords_grow_old()
    {
        new AccountOptions { PasswordPolicy = PasswordPolicy.Asvs }.PasswordAge.Should().BeNull();
        new AccountOptions { PasswordPolicy = PasswordPolicy.Mlps }.PasswordAge.Should().Be(TimeSpan.FromDays(90));
    }

    private static PasswordFault? Fault(PasswordPolicy policy, string password) =>
        new PasswordRules(Options.Create(new AccountOptions { PasswordPolicy = policy })).FaultOf(password, ["zhang.wei", "Wei", "plantracker"]);
}
