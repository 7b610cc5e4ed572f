using Orchestrator.Core.Monitors;
using Orchestrator.Core.Revisions;

namespace Orchestrator.Core.Tests.Revisions;

/// <summary>Classes that a file beside the model's lists.</summary>
public sealed class ClassesFileTests
{
    private const string Model = "model: pets\ntask: multiclass\nlabels: {source: human, classes_file: pets.classes.txt, overlap: 3}\n";

    [Fact]
    public void They_are_the_classes_of_the_task_in_the_order_of_the_file()
    {
        var check = Check(Model, "# what people may say\ndog\n\n cat \nbird\n");

        Assert.Empty(check.Diagnostics);
        var model = check.Value!.Models["pets"];
        Assert.Equal(["dog", "cat", "bird"], Assert.IsType<ModelTask.Multiclass>(model.Task).Classes);
        Assert.Equal(3, model.Labels.Overlap);
    }

    [Theory]
    [InlineData("pets.classes", "pet.classes", "dog\ncat\n", "rules/pets.model.yaml:3:39: MODEL014 the file \"pet.classes.txt\" does not exist beside the model file; allowed: a file whose name ends in classes.txt; did you mean pets.classes.txt?")]
    [InlineData("", "", "dog\n", "rules/pets.model.yaml:3:39: MODEL015 \"pets.classes.txt\" lists 1 classes; allowed: at least two, each once, one a line")]
    [InlineData("", "", "dog\ncat\ndog\n", "rules/pets.model.yaml:3:39: MODEL015 \"pets.classes.txt\" lists 3 classes, one of them more than once; allowed: at least two, each once, one a line")]
    [InlineData("task: multiclass", "task: regression", "dog\ncat\n", "rules/pets.model.yaml:3:39: MODEL013 \"classes_file\" gives a multiclass task its classes, and this task states its own or is another; allowed: with \"task: multiclass\" without classes")]
    [InlineData("human", "observed", "dog\ncat\n", "rules/pets.model.yaml:3:28: MODEL009 \"classes_file\" says what people may answer, and nobody is asked where labels are observed; allowed: with source: human")]
    public void What_cannot_be_used_is_told_with_its_place(string old, string changed, string classes, string told)
    {
        var check = Check(old.Length == 0 ? Model : Model.Replace(old, changed, StringComparison.Ordinal), classes);

        Assert.Equal(told, check.Diagnostics[0].ToString());
        Assert.Null(check.Value);
    }

    private static Core.Diagnostics.Parsed<RuleRevision> Check(string model, string classes) => RuleRevision.Check(
        new Dictionary<string, string> { ["rules/pets.model.yaml"] = model, ["rules/pets.classes.txt"] = classes });
}
