using DeepNet.Training;

namespace DeepNet.Labs.Running;

/// <summary>Represents a place in the decision tree of training.</summary>
internal abstract record TreeNode;

/// <summary>Represents a question about a run, with an answer for each way on.</summary>
internal sealed record TreeQuestion(string Text, params (string Answer, TreeNode Next)[] Ways) : TreeNode;

/// <summary>
/// Represents a branch that <see cref="TrainingDoctor"/> names, what it looks like, what to try, and the labs that show it.
/// </summary>
internal sealed record TreeLeaf(TrainingBranch Branch, string Name, string Signs, IReadOnlyList<string> Try, IReadOnlyList<string> Labs)
    : TreeNode;

/// <summary>Holds the decision tree of training, in the order of <see cref="TrainingDoctor"/>'s questions.</summary>
internal static class DecisionTree
{
    public static TreeQuestion Root { get; } = new(
        "Is the training loss low enough?",
        ("no", new TreeQuestion(
            "Does it fall?",
            ("it grows", new TreeLeaf(
                TrainingBranch.Diverging, "Diverging", "The loss or the weights grow without bound.",
                ["a learning rate ten times smaller", "clipping of gradients", "a warm-up", "standardised inputs"],
                ["learning-rate", "clipping", "feature-scaling", "schedules", "linear-scaling"])),
            ("it still falls", new TreeLeaf(
                TrainingBranch.StillLearning, "Still learning", "The run ended while it was still learning.",
                ["more epochs", "a larger learning rate", "smaller batches"],
                ["learning-rate", "small-against-large", "time-per-epoch", "schedules"])),
            ("it stands still", new TreeQuestion(
                "Which model reaches a lower training loss?",
                ("a smaller one", new TreeLeaf(
                    TrainingBranch.Optimization, "Optimisation", "The optimizer does not find the weights that this model could have.",
                    ["another learning rate, momentum, Adam", "other initial weights", "normalisation", "residual connections"],
                    [
                        "degradation", "vanishing", "front-layers", "initial-variance", "saddle", "escape", "out-of-minima", "momentum",
                        "five-optimizers", "batch-norm",
                    ])),
                ("a larger one", new TreeLeaf(
                    TrainingBranch.ModelBias, "Model bias", "The model is too simple for what it is to learn.",
                    ["more units, more layers", "features that say more", "less weight decay and dropout", "boosting"],
                    ["linear-regression", "curves-from-sigmoids", "two-layers-by-hand", "depth", "boosting"])),
                ("not tried yet", new TreeLeaf(
                    TrainingBranch.Unclear, "Unclear", "Model bias or optimisation: the figures do not tell which.",
                    ["training a smaller model and a larger one", "looking at the gradients of each layer"],
                    ["no-longer-falls", "minimum-ratio", "degradation"])))))),
        ("yes", new TreeQuestion(
            "Is the validation loss low as well?",
            ("yes", new TreeLeaf(
                TrainingBranch.Healthy, "Healthy", "Nothing is wrong that the figures show.",
                ["a last look at examples of a test part that was never used"],
                ["model-choice", "uncertainty"])),
            ("no", new TreeQuestion(
                "And on held-out examples of the training source?",
                ("high too", new TreeLeaf(
                    TrainingBranch.Overfitting, "Over-fitting",
                    "The model learns its training examples better than what they have in common with others.",
                    ["more examples, or augmentation", "stopping early", "dropout, weight decay", "a smaller model, fewer features"],
                    [
                        "polynomial-degree", "augmentation", "early-stopping", "l1-l2", "dropout", "bagging-and-attacks", "noisy-labels",
                        "dimensions", "fewer-features",
                    ])),
                ("low", new TreeLeaf(
                    TrainingBranch.Mismatch, "Mismatch", "Validation examples come from another source than the training examples.",
                    ["training examples like those of the validation part", "fine-tuning on a few of them"],
                    ["mismatch", "imbalance", "lora-rank"])))))));

    /// <summary>Gets the leaves from top to bottom.</summary>
    public static IReadOnlyList<TreeLeaf> Leaves { get; } = [.. LeavesOf(Root)];

    private static IEnumerable<TreeLeaf> LeavesOf(TreeNode node)
        => node is TreeQuestion question ? question.Ways.SelectMany(w => LeavesOf(w.Next)) : [(TreeLeaf)node];
}
