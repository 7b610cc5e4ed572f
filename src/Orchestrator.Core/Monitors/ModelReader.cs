using Orchestrator.Core.Diagnostics;

namespace Orchestrator.Core.Monitors;

/// <summary>Reads a model file.</summary>
internal static class ModelReader
{
    public static Parsed<ModelFile> Read(string path, string text)
    {
        var diagnostics = new DiagnosticList(path);
        var file = YamlFile.ReadMapping(path, text, diagnostics);
        return diagnostics.Result(file is null ? null : Read(file, Fields.Of(file.Root!, "the file", diagnostics)!));
    }

    private static ModelFile Read(YamlFile file, Fields fields)
    {
        var model = new ModelFile(
            Names.Required(fields, "model", "MODEL001"),
            Task(fields),
            Labels(fields),
            Train(fields.Nested("train")),
            Score(fields.Nested("score")),
            Evaluate(fields.Nested("evaluate")),
            Gate(fields.Nested("gate")),
            fields.Text("registry") ?? "local",
            Deploy(fields.Nested("deploy")),
            file);
        if (model.Registry != "local")
        {
            fields.Diagnostics.Error(fields.At("registry"), "MODEL004", $"registry \"{model.Registry}\" is not known", "allowed: local", Nearest.To(model.Registry, ["local"]));
        }

        fields.Close();
        return model;
    }

    private static ModelTask Task(Fields fields)
    {
        var node = fields.Required("task");
        var type = node switch
        {
            YamlNode.Scalar scalar => scalar.Text,
            YamlNode.Mapping { Fields: var nested } => (nested.FirstOrDefault(field => field.Name == "type")?.Value as YamlNode.Scalar)?.Text,
            _ => null,
        };
        var inner = node is YamlNode.Mapping ? fields.Nested("task") : null;
        inner?.RequiredText("type");
        ModelTask? task = type switch
        {
            "binary" => new ModelTask.Binary(inner?.RequiredText("positive") ?? Missing(fields), inner?.Number("threshold", 0, 1) ?? 0.5),
            "multiclass" => new ModelTask.Multiclass(inner?.Texts("classes") ?? []),
            "regression" => new ModelTask.Regression(),
            _ => null,
        };
        if (task is null)
        {
            ReportTask(fields, inner, type);
        }
        else
        {
            inner?.Close();
        }

        return task ?? new ModelTask.Regression();
    }

    private static string Missing(Fields fields)
    {
        fields.Diagnostics.Error(fields.At("task"), "MODEL002", "a binary task names its positive class", "allowed: {type: binary, positive: CLASS, threshold: 0.5}");
        return "";
    }

    private static void ReportTask(Fields fields, Fields? inner, string? type)
    {
        if (type is not null)
        {
            string[] known = ["binary", "multiclass", "regression"];
            fields.Diagnostics.Error(inner?.At("type") ?? fields.At("task"), "MODEL002", $"task \"{type}\" is not known", $"allowed: {string.Join(", ", known)}", Nearest.To(type, known));
        }
    }

    private static LabelSource Labels(Fields fields)
    {
        if (fields.Node("labels") is YamlNode.Scalar)
        {
            return new(fields.Choice<LabelOrigin>("labels") ?? LabelOrigin.Observed, null, 1, []);
        }

        if (fields.Nested("labels") is not { } labels)
        {
            return new(LabelOrigin.Observed, null, 1, []);
        }

        labels.Required("source");
        var source = new LabelSource(labels.Choice<LabelOrigin>("source") ?? LabelOrigin.Observed, labels.Text("classes_file"), labels.Integer("overlap", 1, 10) ?? 1, labels.Texts("show"));
        if (source.Origin == LabelOrigin.Observed)
        {
            labels.Refuse("classes_file", "MODEL009", "\"classes_file\" says what people may answer, and nobody is asked where labels are observed", "allowed: with source: human");
            labels.Refuse("overlap", "MODEL009", "\"overlap\" says how many people answer, and nobody is asked where labels are observed", "allowed: with source: human");
        }

        labels.Close();
        return source;
    }

    private static Training? Train(Fields? fields)
    {
        if (fields is null)
        {
            return null;
        }

        var needs = fields.Nested("needs");
        var train = new Training(
            fields.RequiredText("runner"), fields.RequiredText("dataset"), fields.ValueMap("parameters"), fields.Period("timeout"), needs?.Size("memory"));
        needs?.Close();
        if (train.Runner == Training.InTheBox)
        {
            fields.Refuse("needs", "MODEL011", $"\"needs\" limits a command, {Training.InTheBox} trains in the server's own memory", "allowed: with a runner that the operator named");
        }

        fields.Close();
        return train;
    }

    private static Scoring? Score(Fields? fields)
    {
        var score = fields is null ? null : new Scoring(fields.RequiredText("runner"));
        fields?.Close();
        return score;
    }

    private static EvaluationSet? Evaluate(Fields? fields)
    {
        if (fields is null)
        {
            return null;
        }

        var set = new EvaluationSet(fields.RequiredText("dataset"), fields.Period("window"), Part(fields.Nested("holdout")));
        fields.Close();
        return set;
    }

    private static Holdout? Part(Fields? fields)
    {
        fields?.Required("share");
        var part = fields is null ? null : new Holdout(fields.RequiredText("by"), fields.Share("share") ?? 0);
        fields?.Close();
        return part;
    }

    private static GateConditions Gate(Fields? fields)
    {
        if (fields is null)
        {
            return new(null, 0, null, null);
        }

        var gate = new GateConditions(
            fields.RequiredText("metric"), fields.Number("min_gain", -1e9, 1e9) ?? 0, fields.Number("max_segment_loss", 0, 1e9), fields.Share("max_latency_gain"));
        fields.Close();
        return gate;
    }

    private static Deployment? Deploy(Fields? fields)
    {
        var deploy = fields is null ? null : new Deployment(fields.RequiredText("hook"), fields.Period("confirm_within"));
        fields?.Close();
        return deploy;
    }
}
