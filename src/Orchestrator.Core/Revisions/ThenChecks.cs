using System.Text.Json;
using Orchestrator.Core.Diagnostics;
using Orchestrator.Core.Monitors;
using Orchestrator.Core.Rules;
using Orchestrator.Core.Workflows;

namespace Orchestrator.Core.Revisions;

/// <summary>What rules do, against the workflows of the revision and the operator's groups of people.</summary>
internal sealed class ThenChecks(AuthoredFiles files)
{
    private const string RelabelType = "Orchestrator.Relabel";
    private const string SelectType = "Orchestrator.SelectRows";

    public static void Run(AuthoredFiles files)
    {
        var checks = new ThenChecks(files);
        foreach (var rules in files.Rules)
        {
            for (var i = 0; i < rules.Groups.Length; i++)
            {
                for (var j = 0; j < rules.Groups[i].Rules.Length; j++)
                {
                    if (rules.Groups[i].Rules[j] is Rule.Alerting { Then: { } then } alert)
                    {
                        checks.Then(rules, rules.Groups[i], alert, then, ["groups", i, "rules", j]);
                    }
                }
            }
        }
    }

    private void Then(RuleFile rules, RuleGroup group, Rule.Alerting alert, FixTemplate then, object[] rule)
    {
        var file = rules.Source;
        object[] path = [.. rule, "then"];
        files.Expect(then.Workflow, [.. files.Workflows.Select(workflow => workflow.DefinitionId)], "workflow", file, (file.At([.. path, "workflow"]), "RULE110", "workflow"));
        if (files.Workflows.Find(workflow => workflow.DefinitionId == then.Workflow) is { } workflow)
        {
            Inputs(file, then, workflow, path);
            Relabels(file, group, workflow, path);
            Patches(file, then, workflow, path);
        }

        People(file, then, path);
        Inhibitors(file, then, path);
        Advice(file, alert, then, rule);
    }

    private void Inputs(YamlFile file, FixTemplate then, WorkflowDefinition workflow, object[] path)
    {
        var names = workflow.Inputs.Select(input => input.Name).ToList();
        foreach (var (name, value) in then.Inputs)
        {
            var place = file.At([.. path, "inputs", name]);
            if (workflow.Inputs.FirstOrDefault(input => input.Name == name) is not { } input)
            {
                files.Error(file, place, "RULE111", $"workflow \"{then.Workflow}\" has no input \"{name}\"", AuthoredFiles.Listed(names), Nearest.To(name, names));
            }
            else if (!IsTemplate(value) && ValueTypes.Convert(input.Type, value) is null)
            {
                files.Error(file, place, "RULE113", $"{value.GetRawText()} is no value of the input \"{name}\"", $"allowed: {ValueTypes.Written(input.Type)}");
            }
            else
            {
                Name(file, place, name, value);
            }
        }

        foreach (var missing in workflow.Inputs.Where(input => input.Required && !then.Inputs.ContainsKey(input.Name)))
        {
            files.Error(file, file.At([.. path, "inputs"]), "RULE112", $"the input \"{missing.Name}\" of workflow \"{then.Workflow}\" is missing", $"needed: {string.Join(", ", workflow.Inputs.Where(input => input.Required).Select(input => input.Name))}");
        }
    }

    private void Name(YamlFile file, Place place, string input, JsonElement value)
    {
        if (IsTemplate(value) || value.ValueKind != JsonValueKind.String)
        {
            return;
        }

        if (input == "dataset")
        {
            files.Expect(value.GetString()!, [.. files.Datasets.Select(dataset => dataset.Name)], "monitor", file, (place, "RULE106", "dataset"));
        }
        else if (input == "model")
        {
            files.Expect(value.GetString()!, [.. files.Models.Select(model => model.Name)], "model", file, (place, "RULE101", "model"));
        }
        else if (input is "target" or "command" && AddressText.IsAddress(value.GetString()))
        {
            files.Error(file, place, "RULE121", $"an address stands where the name of a {input} belongs", "allowed: a name that the operator gave");
        }
        else if (input == "target" && files.Operator is { } operators)
        {
            files.Expect(value.GetString()!, [.. operators.Targets.Keys], "operator", file, (place, "RULE122", "target"));
        }
    }

    /// <summary>Rows that are selected come with their observed labels: such a workflow asks people only for those of other models.</summary>
    private void Relabels(YamlFile file, RuleGroup group, WorkflowDefinition workflow, object[] path)
    {
        var model = files.Models.Find(model => model.Name == group.Model);
        if (model?.Labels.Origin == LabelOrigin.Observed && workflow.Activities.Values.Any(activity => activity.Type == RelabelType)
            && !workflow.Activities.Values.Any(activity => activity.Type == SelectType))
        {
            files.Error(file, file.At([.. path, "workflow"]), "RULE116", $"workflow \"{workflow.DefinitionId}\" asks people for labels, those of the model \"{model.Name}\" are observed", "allowed: a workflow without Relabel, or \"labels: human\" in the model");
        }
    }

    /// <summary>A second approval is of labels that people gave: where nobody is asked there is nothing to approve.</summary>
    private void Patches(YamlFile file, FixTemplate then, WorkflowDefinition workflow, object[] path)
    {
        if (then.PatchApproval == FixApproval.Required && !workflow.Activities.Values.Any(activity => activity.Type == RelabelType))
        {
            files.Warning(file, file.At([.. path, "patch_approval"]), "RULE119", $"workflow \"{workflow.DefinitionId}\" asks nobody for labels: no patch will wait for approval", "allowed: \"patch_approval: auto\", or a workflow with Relabel");
        }
    }

    private void People(YamlFile file, FixTemplate then, object[] path)
    {
        for (var i = 0; files.Operator is { } operators && i < then.Approvers.Length; i++)
        {
            files.Expect(then.Approvers[i], [.. operators.Groups.Keys], "operator", file, (file.At([.. path, "approvers", i]), "RULE114", "group of people"));
        }
    }

    private void Inhibitors(YamlFile file, FixTemplate then, object[] path)
    {
        var alerts = files.Rules.SelectMany(rules => rules.Groups).SelectMany(group => group.Rules).OfType<Rule.Alerting>().Select(alert => alert.Name).ToHashSet();
        for (var i = 0; i < then.InhibitedBy.Length; i++)
        {
            files.Expect(then.InhibitedBy[i], alerts, "rules", file, (file.At([.. path, "inhibited_by", i]), "RULE115", "alert"));
        }
    }

    private void Advice(YamlFile file, Rule.Alerting alert, FixTemplate then, object[] rule)
    {
        var place = file.At([.. rule, "alert"]);
        if (then.Verify is null)
        {
            files.Warning(file, place, "RULE117", $"nothing tells whether the fix of \"{alert.Name}\" helped", "allowed: verify, such as {expr: model_accuracy > 0.9, within: 2h}");
        }

        if (alert.Owner is null)
        {
            files.Warning(file, place, "RULE118", $"\"{alert.Name}\" proposes fixes and belongs to nobody", "allowed: owner");
        }
    }

    private static bool IsTemplate(JsonElement value) => value.GetRawText().Contains("{{", StringComparison.Ordinal);
}
