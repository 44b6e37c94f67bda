using PlanTracker.Data;
using PlanTracker.Domain;

namespace PlanTracker.Features.Shared;

/// <summary>What was done, in a sentence. A test finds every action in the code that has none.</summary>
public static class AuditWords
{
    private static readonly Dictionary<string, Bilingual> Kinds = new(StringComparer.Ordinal)
    {
        ["import"] = new("Files of figures", "数据文件"),
        ["indicator"] = new("Rules of indicators", "指标规则"),
        ["item"] = new("Progress of project items", "工程内容进展"),
        ["milestone"] = new("Goals in words", "定性目标"),
        ["person"] = new("Accounts", "账户"),
        ["plan"] = new("Plans", "规划"),
        ["reading"] = new("Figures", "数据"),
        ["round"] = new("Reporting rounds", "填报安排"),
        ["target"] = new("Targets", "目标值"),
        ["token"] = new("Tokens", "令牌"),
    };

    private static readonly Dictionary<string, Bilingual> Sentences = new(StringComparer.Ordinal)
    {
        ["import.applied"] = new("Applied a file of figures", "应用数据文件"),
        ["import.approved"] = new("Approved the figures of a file", "审核通过文件中的数据"),
        ["import.broken-off"] = new("Broke an import off", "中止导入"),
        ["import.cancelled"] = new("Put a file of figures away", "取消导入数据文件"),
        ["import.received"] = new("Brought a file of figures", "上传数据文件"),
        ["import.replaced"] = new("Brought another file in the place of one", "以更正后的文件替换原文件"),
        ["import.returned"] = new("Returned the figures of a file", "退回文件中的数据"),
        ["import.reverted"] = new("Took an import back", "撤销导入"),
        ["indicator.rules-changed"] = new("Changed the rules for an indicator's figures", "修改指标数据规则"),
        ["item.approved"] = new("Approved a report on a project item", "审核通过工程内容进展报告"),
        ["item.returned"] = new("Returned a report on a project item", "退回工程内容进展报告"),
        ["item.submitted"] = new("Reported on a project item", "提交工程内容进展报告"),
        ["milestone.added"] = new("Added a goal in words", "新增定性目标"),
        ["milestone.approved"] = new("Approved a report on a goal", "审核通过目标进展报告"),
        ["milestone.returned"] = new("Returned a report on a goal", "退回目标进展报告"),
        ["milestone.submitted"] = new("Reported on a goal", "提交目标进展报告"),
        ["person.changed"] = new("Changed a name, address or roles", "修改名称、邮箱或角色"),
        ["person.disabled"] = new("Disabled an account", "停用账户"),
        ["person.enabled"] = new("Enabled an account", "启用账户"),
        ["person.locked"] = new("Locked out after wrong attempts", "多次错误后锁定账户"),
        ["person.made"] = new("Made an account", "创建账户"),
        ["person.passkey-added"] = new("Added a passkey", "添加通行密钥"),
        ["person.passkey-removed"] = new("Removed a passkey", "移除通行密钥"),
        ["person.passkey-renamed"] = new("Renamed a passkey", "重命名通行密钥"),
        ["person.passkeys-removed"] = new("Removed every passkey", "移除全部通行密钥"),
        ["person.password-set"] = new("Set a password", "设置密码"),
        ["person.recovery-codes-made"] = new("Made new recovery codes", "重新生成恢复码"),
        ["person.refused"] = new("Was refused at the sign-in", "登录被拒"),
        ["person.scope-granted"] = new("Granted a scope", "授予范围"),
        ["person.scope-withdrawn"] = new("Withdrew a scope", "取消授权范围"),
        ["person.second-factor-removed"] = new("Took a second factor away", "停用第二因素"),
        ["person.second-factor-set"] = new("Set up a second factor", "启用第二因素"),
        ["person.setup-code-issued"] = new("Issued a one-time code", "签发一次性代码"),
        ["person.session-ended"] = new("Ended a session of their own", "结束本人的会话"),
        ["person.service-bound"] = new("Came by another service for the first time", "首次通过统一登录进入"),
        ["person.signed-in"] = new("Signed in", "登录"),
        ["person.signed-out"] = new("Ended every session", "退出所有会话"),
        ["person.tokens-revoked"] = new("Revoked every token", "撤销全部令牌"),
        ["person.unlocked"] = new("Unlocked an account", "解除账户锁定"),
        ["plan.loaded"] = new("Loaded a plan", "载入规划"),
        ["plan.rejudged"] = new("Put the standings of a plan right", "重新判断规划各项状态"),
        ["reading.approved"] = new("Approved a figure", "审核通过数据"),
        ["reading.commented"] = new("Remarked on a figure", "就数据发表意见"),
        ["reading.draft-discarded"] = new("Discarded a draft", "放弃数据草稿"),
        ["reading.draft-taken-over"] = new("Went on with somebody else's draft", "接续他人的数据草稿"),
        ["reading.drafted"] = new("Began a draft of a figure", "起草数据"),
        ["reading.out-of-scope"] = new("Tried to write outside their scope; nothing was written", "试图填写授权范围以外的数据，未予写入"),
        ["reading.returned"] = new("Returned a figure", "退回数据"),
        ["reading.submitted"] = new("Submitted a figure for review", "提交数据待审"),
        ["reading.withdrawn"] = new("Took back a figure under review", "撤回待审数据"),
        ["round.changed"] = new("Changed a reporting round", "修改填报安排"),
        ["round.closed"] = new("Closed a reporting round", "关闭填报安排"),
        ["round.created"] = new("Opened a reporting round", "设立填报安排"),
        ["round.exception-ended"] = new("Ended an exception from a deadline", "终止填报期限例外"),
        ["round.exception-granted"] = new("Granted an exception from a deadline", "设立填报期限例外"),
        ["round.reminded"] = new("Asked for reminders by mail", "发起邮件提醒"),
        ["target.removed"] = new("Took a target away", "删除目标值"),
        ["target.set"] = new("Set a target", "设定目标值"),
        ["token.made"] = new("Made a token", "创建令牌"),
        ["token.revoked"] = new("Revoked a token", "撤销令牌"),
    };

    private static readonly Dictionary<string, Bilingual> Facts = new(StringComparer.OrdinalIgnoreCase)
    {
        ["access"] = new("may", "权限"),
        ["after"] = new("after", "修改后"),
        ["approved"] = new("approved at once", "同时审核通过"),
        ["before"] = new("before", "修改前"),
        ["begun"] = new("begun", "开始时间"),
        ["by"] = new("by", "方式"),
        ["cells"] = new("cells", "单元格数"),
        ["changes"] = new("rows written", "写入行数"),
        ["code"] = new("code", "编号"),
        ["confidence"] = new("confidence", "完成把握"),
        ["deadline"] = new("deadline", "截止日期"),
        ["differing"] = new("standings that differed", "不一致项数"),
        ["displayname"] = new("name as others see it", "显示名称"),
        ["department"] = new("department", "部门"),
        ["element"] = new("element", "规划内容"),
        ["email"] = new("e-mail", "邮箱"),
        ["expires"] = new("ends", "到期时间"),
        ["figures"] = new("figures", "数据条数"),
        ["filename"] = new("file", "文件名"),
        ["files"] = new("files", "文件"),
        ["goalen"] = new("goal in English", "目标（英文）"),
        ["goalzh"] = new("goal in Chinese", "目标（中文）"),
        ["import"] = new("file no.", "文件序号"),
        ["indicators"] = new("indicators", "指标"),
        ["kept"] = new("kept", "保留条数"),
        ["locks"] = new("locks after the deadline", "截止后锁定"),
        ["name"] = new("name", "名称"),
        ["nameen"] = new("name in English", "名称（英文）"),
        ["namezh"] = new("name in Chinese", "名称（中文）"),
        ["now"] = new("now", "现为"),
        ["service"] = new("service", "统一登录服务"),
        ["subject"] = new("its number of the person", "该服务中的编号"),
        ["number"] = new("report no.", "报告序号"),
        ["openson"] = new("opens on", "开始日期"),
        ["people"] = new("people", "人数"),
        ["percent"] = new("percent", "完成百分比"),
        ["period"] = new("period", "时期"),
        ["person"] = new("person", "人员"),
        ["readsownscopeonly"] = new("sees the own scope only", "仅可查看授权范围"),
        ["reason"] = new("reason", "理由"),
        ["region"] = new("region", "地区"),
        ["regions"] = new("regions", "地区"),
        ["revision"] = new("revision", "修订号"),
        ["role"] = new("role", "类别"),
        ["roles"] = new("roles", "角色"),
        ["series"] = new("series", "序列数"),
        ["sha256"] = new("SHA-256", "SHA-256"),
        ["shape"] = new("path", "路径"),
        ["size"] = new("bytes", "字节数"),
        ["source"] = new("source", "来源"),
        ["stage"] = new("stage", "阶段"),
        ["statements"] = new("new statements", "新数据条数"),
        ["status"] = new("status", "状态"),
        ["text"] = new("text", "内容"),
        ["until"] = new("until", "截至"),
        ["value"] = new("value", "数值"),
        ["was"] = new("was", "原为"),
        ["year"] = new("year", "年份"),
    };

    /// <summary>Every action that has a sentence.</summary>
    public static IReadOnlyCollection<string> Actions => Sentences.Keys;

    /// <summary>The sentence for an action; its code, where nobody has written one.</summary>
    public static Bilingual Of(string action) => Sentences.TryGetValue(action, out var sentence) ? sentence : new(action, action);

    /// <summary>What comes before the dot.</summary>
    public static string KindOf(string action) => action.Split('.')[0];

    public static Bilingual Kind(string kind) => Kinds.TryGetValue(kind, out var name) ? name : new(kind, kind);

    /// <summary>The name of a fact in an event's detail.</summary>
    public static Bilingual Fact(string name) => Facts.TryGetValue(name, out var fact) ? fact : new(name, name);

    /// <summary>A recorded value: ways to sign in and roles in words, anything else as it stands.</summary>
    public static Bilingual Value(string fact, string recorded) => (fact, recorded) switch
    {
        ("by", "passkey") => new("passkey", "通行密钥"),
        ("by", "password") => new("password", "密码"),
        ("by", "service") => new("another service", "统一登录"),
        ("by", "Authenticator") => new("authenticator", "身份验证器"),
        ("by", "Recovery") => new("recovery code", "恢复码"),
        ("by", "password+Authenticator") => new("password and authenticator", "密码与身份验证器"),
        ("by", "password+Recovery") => new("password and recovery code", "密码与恢复码"),
        ("roles", _) when Roles.All.Contains(recorded, StringComparer.Ordinal) => PeopleWords.Of(recorded),
        _ => new(recorded, recorded),
    };
}
