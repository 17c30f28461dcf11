using DeepNet.Nn;
using Xunit;

namespace DeepNet.Tests.Tracing;

/// <summary>Drawings of what modules compute.</summary>
public class GraphPictureTests
{
    [Fact]
    public void A_network_is_drawn_with_its_operators_shapes_and_modules()
    {
        var model = new Sequential(new Linear(4, 3, activation: new Relu()), new BatchNorm1d(3), new Dropout(0.5), new Linear(3, 2));
        var picture = model.Picture(Tensor.Ones(5, 4));
        string text = picture.ToMermaid();
        Assert.StartsWith("graph TD\n", text);
        Assert.Contains("[\"input<br/>(5, 4)\"]", text);
        Assert.Contains("subgraph m_0[\"0\"]", text);
        Assert.Contains("affine_relu<br/>(5, 3)", text);
        Assert.Contains("affine<br/>(5, 2)", text);
        Assert.DoesNotContain("dropout", text);        // evaluating
        Assert.True(model.IsTraining);
        Assert.Equal(picture.Arrows, text.Split(" --> ").Length - 1);
        Assert.Equal(picture.Boxes, text.Split("<br/>").Length - 1);
    }

    [Fact]
    public void Both_ends_of_a_residual_lead_to_the_sum()
    {
        var picture = GraphPicture.Of(x => x[0].Exp() + x[0], Tensor.Ones(2));
        Assert.Equal("""
            graph TD
              n0["input<br/>(2,)"]
              n1["exp<br/>(2,)"]
              n2["add<br/>(2,)"]
              n3["output<br/>(2,)"]
              n0 --> n1
              n1 --> n2
              n0 --> n2
              n2 --> n3

            """.ReplaceLineEndings("\n"), picture.ToString());
    }

    [Fact]
    public void Graphviz_gets_the_same_with_clusters()
    {
        var model = new Sequential(new Sequential(new Linear(2, 2)), new Linear(2, 1));
        string text = model.Picture(Tensor.Ones(1, 2)).ToDot();
        Assert.Contains("subgraph \"cluster_0\" { label=\"0\";", text);
        Assert.Contains("subgraph \"cluster_0.0\" { label=\"0.0\";", text);
        Assert.Contains("n0 -> n1;", text);
        Assert.Equal(text.Count(c => c == '{'), text.Count(c => c == '}'));
    }

    [Fact]
    public void Changes_in_place_lie_on_the_way()
    {
        var picture = GraphPicture.Of(x => { var y = x[0] * 2; y.AddInPlace(x[0]); return y.Exp(); }, Tensor.Ones(2));
        Assert.Equal(5, picture.Boxes);
        Assert.Equal(5, picture.Arrows);
    }
}
