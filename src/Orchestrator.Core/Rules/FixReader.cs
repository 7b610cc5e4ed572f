using System.Text.Json;
using Orchestrator.Core.Diagnostics;

namespace Orchestrator.Core.Rules;

/// <summary>Reads the <c>then</c> of a rule.</summary>
internal sealed class FixReader(ExpressionReader expressions, Fields fields)
{
    public FixTemplate Read(object[] path)
    {
        var fix = new FixTemplate(fields.RequiredText("workflow"), fields.ValueMap("inputs"))
        {
            Approval = fields.Choice<FixApproval>("approval") ?? FixApproval.Required,
            PatchApproval = fields.Choice<FixApproval>("patch_approval") ?? FixApproval.Auto,
            Approvers = fields.Texts("approvers"),
            Expires = fields.Period("expires") ?? TimeSpan.FromDays(7),
            Dedup = fields.Texts("dedup") is var dedup && fields.Has("dedup") ? dedup : FixTemplate.DefaultDedup,
            Priority = fields.Integer("priority", -1000, 1000) ?? 0,
            Cooldown = fields.Duration("cooldown") ?? TimeSpan.Zero,
            Limits = Limits(fields.Nested("limits")),
            InhibitedBy = fields.Texts("inhibited_by"),
            Preview = fields.Flag("preview") ?? true,
            Verify = fields.Nested("verify") is { } verify ? Verify(verify, [.. path, "verify"]) : null,
        };
        CheckInputs(fields.Node("inputs"), [.. path, "inputs"]);
        CheckApproval(fix);
        fields.Close();
        return fix;
    }

    private static FixBounds Limits(Fields? fields)
    {
        if (fields is null)
        {
            return new(null, null, null, null);
        }

        var bounds = new FixBounds(fields.Budget("fixes"), fields.Budget("labels"), fields.Share("max_rows_per_fix"), Hours(fields));
        fields.Close();
        return bounds;
    }

    private static ActiveHours? Hours(Fields fields)
    {
        if (fields.Text("active_hours") is not { } text)
        {
            return null;
        }

        var hours = ActiveHours.Parse(text);
        if (hours is null)
        {
            fields.Diagnostics.Error(fields.At("active_hours"), "YAML023", $"\"{text}\" is no value of \"active_hours\"", ActiveHours.Allowed);
        }

        return hours;
    }

    private Verification? Verify(Fields verify, object[] path)
    {
        var text = verify.RequiredText("expr");
        var expression = text.Length == 0 ? null : expressions.Expression(text, [.. path, "expr"]);
        verify.Required("within");
        var within = verify.Period("within") ?? TimeSpan.Zero;
        var minRows = verify.Integer("min_rows", 0) ?? 0;
        var otherwise = verify.Choice<WhenNotVerified>("otherwise") ?? WhenNotVerified.Escalate;
        verify.Close();
        return expression is null ? null : new(expression, within, minRows, otherwise);
    }

    private void CheckApproval(FixTemplate fix)
    {
        if (fix.Approval == FixApproval.Auto && fix.PatchApproval == FixApproval.Auto && !fix.Approvers.IsEmpty)
        {
            fields.Diagnostics.Error(fields.NameAt("approvers"), "RULE013", "\"approvers\" goes with \"approval: required\" or \"patch_approval: required\"", "allowed with approval: auto: none");
        }
    }

    /// <summary>Every text of an input is a template.</summary>
    private void CheckInputs(YamlNode? node, object[] path)
    {
        switch (node)
        {
            case YamlNode.Scalar scalar when ScalarText.ToJson(scalar)?.GetValueKind() == JsonValueKind.String:
                if (expressions.Template(scalar.Text, path) is { Queries: true })
                {
                    fields.Diagnostics.Error(scalar.Place, "RULE014", "an input of a fix queries series", "allowed: $value, $labels; a query belongs into a label of the rule");
                }

                break;
            case YamlNode.Mapping mapping:
                foreach (var field in mapping.Fields)
                {
                    CheckInputs(field.Value, [.. path, field.Name]);
                }

                break;
            case YamlNode.Sequence list:
                for (var i = 0; i < list.Items.Length; i++)
                {
                    CheckInputs(list.Items[i], [.. path, i]);
                }

                break;
            default:
                break;
        }
    }
}
