using Orchestrator.Runtime.Tests.BadInput;

namespace Orchestrator.Runtime.Tests.Runners;

/// <summary>Cats and dogs whose model is trained and scored by shell scripts.</summary>
internal static class CommandedPets
{
    /// <summary>Writes an artifact and a good answer.</summary>
    public const string GoodTrainer = """
        echo learnt > model.txt
        echo '{"artifact": "model.txt"}' > result.json
        """;

    private const string Model = """
        model: pets
        task: multiclass
        labels: human
        train: {runner: by-hand, dataset: pets, TRAIN}
        score: {runner: by-hand-score}
        evaluate: {dataset: shown, holdout: {by: id, share: 30%}}
        gate: {metric: model_accuracy, min_gain: 0.005}
        """;

    /// <param name="trainer">Lines of a shell script that stands in the folder of its attempt.</param>
    /// <param name="train">Further fields of the model file's <c>train</c>.</param>
    /// <param name="runner">Further fields of the operator's runner.</param>
    public static async Task<TinyNode> OpenAsync(TinyNode tiny, string trainer, string train = "timeout: 1m", string runner = "output: 1GiB", string commands = "")
    {
        tiny.Outside = $$"""
            runners:
              by-hand: {command: [sh, train.sh], directory: scripts, {{runner}}}
              by-hand-score: {command: [sh, score.sh], directory: scripts}
            {{commands}}
            """;
        tiny.Author("scripts/train.sh", $"cd \"$(dirname \"$1\")\" || exit 9\n{trainer}\n");
        tiny.Author("rules/pets.model.yaml", Model.Replace("TRAIN", train, StringComparison.Ordinal));
        tiny.Author("rules/pets.monitor.yaml", Pets.Monitor).Author("data/pets.csv", Pets.Rows(30, 30, 0, 1)).Author("data/shown.csv", Pets.Rows(20, 20, 0, 7));
        return await tiny.OpenAsync();
    }
}
