using PlanTracker.Data;
using PlanTracker.Domain;

namespace PlanTracker.Features.People;

/// <summary>States, faults and what was done, in words.</summary>
public static class PersonWords
{
    public static Bilingual Of(AccountState state) => state switch
    {
        AccountState.Active => new("active", "正常"),
        AccountState.Waiting => new("no password yet", "未设密码"),
        AccountState.Locked => new("locked for now", "暂时锁定"),
        _ => new("disabled", "已停用"),
    };

    public static Bilingual Sentence(AccountState state) => state switch
    {
        AccountState.Active => new("The account is active.", "账户正常。"),
        AccountState.Waiting => new("No password was set yet.", "尚未设置密码。"),
        AccountState.Locked => new("The account rests after too many wrong attempts.", "账户因多次错误尝试而暂时锁定。"),
        _ => new("The account is disabled.", "账户已停用。"),
    };

    public static Bilingual Of(PersonFault fault) => fault switch
    {
        PersonFault.NameNotAllowed => new(
            $"The sign-in name has 2 to {PersonStore.SignInNameLength} Latin letters, digits, dots, hyphens, underscores and at signs.",
            $"用户名为 2 至 {PersonStore.SignInNameLength} 个拉丁字母、数字、点、连字符、下划线或 @。"),
        PersonFault.NameTaken => new("Somebody has that sign-in name already.", "该用户名已被使用。"),
        PersonFault.DisplayNameMissing => new($"Give the name as others see it, of at most {Person.NameLength} characters.", $"请填写显示名称，不超过 {Person.NameLength} 个字符。"),
        PersonFault.EmailNotAnAddress => new("The e-mail address is not one; leave it empty if there is none.", "电子邮箱地址无效；如没有请留空。"),
        PersonFault.RoleUnknown => new("There is no such role.", "没有此角色。"),
        PersonFault.LastSecurityAdministrator => new("Nobody else could give rights then. Make another security administrator first.", "否则将无人可以授权，请先设置另一名安全管理员。"),
        PersonFault.Oneself => new("Your own right to do this can only be taken by another security administrator.", "您本人的此项权限只能由其他安全管理员取消。"),
        PersonFault.Conflict => new(
            "Somebody else has changed this person since you opened the page. What you filled in is still here; look at the history below, then send it again.",
            "自您打开本页以来，他人已修改此人员信息。您填写的内容仍在表中，请查看下方历史后再次提交。"),
        PersonFault.PlaceUnknown => new("Choose a region; an element or department has to belong to a plan of that region.", "请选择地区；所选内容或部门须属于该地区的规划。"),
        PersonFault.PlaceTwofold => new("Choose a part of the plan or a department, not both.", "规划内容与部门只能选择其一。"),
        PersonFault.LeadsNothing => new("The department leads no part of the plan.", "该部门没有牵头的规划内容。"),
        _ => new("They have that place already.", "已有此授权。"),
    };
}
