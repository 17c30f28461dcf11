using DeepNet.Models;
using DeepNet.Nn;

namespace DeepNet.Samples.Nodes;

/// <summary>A way to tell the topics of papers.</summary>
/// <param name="Name">The name in tables and plots.</param>
/// <param name="Make">Makes a model, and the function from words to logits.</param>
internal sealed record Classifier(string Name, Func<Papers, Generator, (Module Model, Func<Tensor, Tensor> Forward)> Make)
{
    private const int Hidden = 16, Heads = 8, HiddenOfHead = 8;

    /// <summary>Gets a network of two layers that sees the words of a paper alone.</summary>
    public static Classifier Mlp { get; } = new("MLP, words alone", (papers, chance) =>
    {
        var model = GcnOf(papers, chance);
        return (model, model.Forward);
    });

    /// <summary>Gets the same network with two steps along citations.</summary>
    public static Classifier Gcn { get; } = new("GCN", (papers, chance) =>
    {
        var model = GcnOf(papers, chance);
        return (model, x => model.Forward(x, papers.Graph));
    });

    /// <summary>Gets graph attention: it learns which citations to look at.</summary>
    public static Classifier Gat { get; } = new("GAT", (papers, chance) =>
    {
        var model = new Gat(new(papers.Words.Shape[1], HiddenOfHead, Heads, papers.Names.Count), chance);
        return (model, x => model.Forward(x, papers.Graph));
    });

    /// <summary>Gets the graph convolution on citations that mean nothing.</summary>
    public static Classifier GcnAtRandom { get; } = new("GCN, citations at random", (papers, chance) =>
    {
        var graph = papers.AtRandom(chance);
        var model = GcnOf(papers, chance);
        return (model, x => model.Forward(x, graph));
    });

    private static Gcn GcnOf(Papers papers, Generator chance) => new(new(papers.Words.Shape[1], Hidden, papers.Names.Count), chance);
}
