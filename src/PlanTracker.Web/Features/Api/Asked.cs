using System.Globalization;
using System.Reflection;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using PlanTracker.Data;
using PlanTracker.Domain;
using PlanTracker.Features.Shared;

namespace PlanTracker.Features.Api;

/// <summary>A parameter of the address, read strictly: what cannot be read is named, not left out in silence.</summary>
public sealed class AskedAttribute : ModelBinderAttribute<AskedAttribute.Strict>
{
    public override BindingSource BindingSource => BindingSource.Query;

    public sealed class Strict : IModelBinder
    {
        public Task BindModelAsync(ModelBindingContext bindingContext)
        {
            var given = bindingContext.ValueProvider.GetValue(bindingContext.FieldName);
            var faults = ParameterFaults.Of(bindingContext.HttpContext);
            if (given.Length > 1)
                faults.Add(bindingContext.FieldName, "given-twice", new("It is given more than once.", "参数重复。"));
            else if (given.FirstValue is not { Length: > 0 } text)
                bindingContext.Result = ModelBindingResult.Success(model: null);
            else if (Read(text, bindingContext) is { } value)
                bindingContext.Result = ModelBindingResult.Success(value);
            return Task.CompletedTask;
        }

        private static object? Read(string text, ModelBindingContext context)
        {
            var type = Nullable.GetUnderlyingType(context.ModelType) ?? context.ModelType;
            if (type == typeof(string))
                return text;
            if (type == typeof(int))
                return ReadLimit(text, context);
            if (type == typeof(DateOnly))
            {
                return DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
                    ? day
                    : Refused(context, "not-a-day", new("It is not a day such as 2023-12-31.", "不是日期，日期应写作 2023-12-31。"));
            }

            if (type == typeof(Period))
            {
                return Period.TryParse(text, out var period)
                    ? period
                    : Refused(context, "not-a-period", new("It is not a period such as 2023, 2023-S1, 2023-Q1 or 2023-01.", "不是时期，时期应写作 2023、2023-S1、2023-Q1 或 2023-01。"));
            }

            if (type == typeof(Cursor))
            {
                return Cursor.TryParse(text, out var cursor) && string.Equals(cursor.List, context.ActionContext.ActionDescriptor.RouteValues["action"], StringComparison.Ordinal)
                    ? cursor
                    : Refused(context, "not-a-cursor", new("It is not a cursor of this list; take the address in next as it is.", "不是本列表的游标，请原样使用 next 给出的地址。"));
            }

            return typeof(Strict).GetMethod(nameof(ReadEnum), BindingFlags.Static | BindingFlags.NonPublic)!.MakeGenericMethod(type).Invoke(null, [text, context]);
        }

        private static object? ReadLimit(string text, ModelBindingContext context) =>
            int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= Paging.Most
                ? number
                : Refused(context, "out-of-range", new($"It is not a whole number from 1 to {Paging.Most}.", $"不是 1 至 {Paging.Most} 的整数。"));

        private static object? ReadEnum<T>(string text, ModelBindingContext context)
            where T : struct, Enum =>
            Kebab.TryParse<T>(text, out var value)
                ? value
                : Refused(context, "not-one-of", new($"It is not one of {Kebab.Choices<T>()}.", $"不在可选值之内：{Kebab.Choices<T>()}。"));

        private static object? Refused(ModelBindingContext context, string code, Bilingual message)
        {
            ParameterFaults.Of(context.HttpContext).Add(context.FieldName, code, message);
            return null;
        }
    }
}
