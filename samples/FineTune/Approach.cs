using DeepNet.Models;
using DeepNet.Nn;

namespace DeepNet.Samples.FineTune;

/// <summary>A way to make a network that has learned one task learn another: what of it is trained, and how fast.</summary>
/// <param name="Key">Its name on the command line.</param>
/// <param name="Name">Its name.</param>
/// <param name="Rate">The learning rate.</param>
/// <param name="Prepare">Freezes what is not trained; the network has its new head already.</param>
internal sealed record Approach(string Key, string Name, double Rate, Action<ResNet> Prepare)
{
    public static readonly string[] Keys = ["head", "lora", "whole", "scratch"];

    /// <summary>Gets a value indicating whether nothing that was learned before is used.</summary>
    public bool IsFromScratch => Key == "scratch";

    /// <summary>
    /// The ways, with rates that suit the small network or one that knows ImageNet; the course's is the first of the latter.
    /// </summary>
    public static IReadOnlyList<Approach> All(int rank, bool isForImageNet) =>
    [
        new("head", "the head alone", isForImageNet ? 1e-3 : 0.03, TuneHead),
        new("lora", $"LoRA of rank {rank}, head", isForImageNet ? 1e-3 : 0.015, model => AddAdapter(model, rank)),
        new("whole", "everything", isForImageNet ? 1e-4 : 3e-3, _ => { }),
        new("scratch", "everything, from scratch", isForImageNet ? 1e-3 : 3e-3, _ => { }),
    ];

    // Everything stays as it is, and the new head learns to read the features.
    private static void TuneHead(ResNet model)
    {
        model.Freeze();
        model.Head.Unfreeze();
        KeepStatistics(model);
    }

    // Thin matrices beside the weights of all blocks; the weights themselves stay as they are.
    private static void AddAdapter(ResNet model, int rank)
    {
        Lora.Add(model, rank, targets: "layer*");
        model.Head.Unfreeze();
        KeepStatistics(model);
    }

    // A frozen norm would still follow the statistics of the batches, which are not those that the weights beside it were learned with.
    private static void KeepStatistics(ResNet model)
    {
        foreach (var (_, module) in model.Modules())
            if (module is BatchNorm2d) module.Eval();
    }
}
