using System.Text.RegularExpressions;
using DeepNet.IO;
using DeepNet.Nn;

namespace DeepNet.Models.Tests.Weights;

public sealed class FolderTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void The_configuration_says_which_family_it_is()
    {
        Module[] models =
        [
            new Gpt2(new(13, 12, 16, 2, 2), new(1)), new Llama(new(13, 12, 16, 2, 4, 2, 24), new(1)),
            new Bert(new(13, 16, 2, 2, 24), new(1)), new VisionTransformer(new(8, 4, 16, 2, 2, 24), new(1)),
            new ResNet(ResNetConfig.ResNet18 with { Classes = 7 }, new(1)),
        ];
        foreach (var model in models)
        {
            string path = folder.File(model.GetType().Name);
            model.SavePretrained(path);
            Same(model, Pretrained.Load(path));
        }
    }

    [Fact]
    public void Shards_and_a_kind_are_enough()
    {
        var model = new Gpt2(new(13, 12, 16, 2, 2), new(1));
        model.SavePretrained(folder.Path);
        string whole = folder.File("model.safetensors");
        var tensors = SafeTensors.Load(whole);
        File.Delete(whole);
        var places = new List<string>();
        foreach (var (part, i) in tensors.Chunk(10).Select((part, i) => (part, i)))
        {
            SafeTensors.Save(folder.File($"part{i}.safetensors"), part);
            places.AddRange(part.Select(entry => $"\"{entry.Key}\": \"part{i}.safetensors\""));
        }
        File.WriteAllText(folder.File("model.safetensors.index.json"), $"{{\"weight_map\": {{{string.Join(", ", places)}}}}}");
        Same(model, Pretrained.Load<TransformerLanguageModel>(folder.Path));
        var error = Assert.Throws<ArgumentException>(() => Pretrained.Load<ResNet>(folder.Path));
        Assert.Contains("holds a Gpt2, which is no ResNet", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"model_type\": \"mixtral\"}", "of the family 'mixtral'; known are bert, gpt2, llama, resnet, vit")]
    [InlineData("{\"architecture\": \"convnext_tiny\"}", "of the family 'convnext_tiny'")]
    [InlineData("{\"architecture\": \"resnet101\"}", "has architecture 'resnet101'; this model knows resnet18, resnet34, resnet50")]
    [InlineData("{\"model_type\": \"resnet\", \"hidden_sizes\": [64, 64, 64, 64]}", "has hidden_sizes 64, 64, 64, 64")]
    [InlineData("{\"model_type\": \"resnet\", \"downsample_in_bottleneck\": true}", "asks for downsample_in_bottleneck")]
    public void Unknown_families_are_refused_by_name(string config, string expected)
    {
        File.WriteAllText(folder.File("config.json"), config);
        var error = Assert.Throws<NotSupportedException>(() => Pretrained.Load(folder.Path));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}", "has no model_type")]
    [InlineData("[1]", "is no JSON object")]
    [InlineData("{\"model_type\": 3}", "has model_type 3")]
    [InlineData("{\"model_type\": \"resnet\", \"depths\": [1, 0]}", "has depths [1, 0]")]
    [InlineData("{\"model_type\": \"resnet\", \"depths\": []}", "has depths []")]
    public void Damaged_configurations_are_refused(string config, string expected)
    {
        File.WriteAllText(folder.File("config.json"), config);
        var error = Assert.Throws<InvalidDataException>(() => Pretrained.Load(folder.Path));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("basic", false)]
    [InlineData("bottleneck", true)]
    public void Residual_networks_are_read_as_Transformers_writes_them(string layers, bool isBottleneck)
    {
        var model = new ResNet(new([2, 1]) { Width = 4, IsBottleneck = isBottleneck, Classes = 3 }, new(1));
        int last = isBottleneck ? 3 : 2;
        var renamed = model.State().Select(entry => KeyValuePair.Create(AsInTransformers(entry.Key), entry.Value)).ToList();
        string[] names = [.. renamed.Select(entry => entry.Key)];
        Assert.Contains("resnet.embedder.embedder.convolution.weight", names);
        Assert.Contains($"resnet.encoder.stages.1.layers.0.layer.{last - 1}.normalization.running_mean", names);
        Assert.Contains("resnet.encoder.stages.1.layers.0.shortcut.convolution.weight", names);
        SafeTensors.Save(folder.File("model.safetensors"), renamed);
        int factor = isBottleneck ? 4 : 1;
        File.WriteAllText(folder.File("config.json"), $$"""
            {"model_type": "resnet", "embedding_size": 4, "hidden_sizes": [{{4 * factor}}, {{8 * factor}}], "depths": [2, 1],
             "layer_type": "{{layers}}", "hidden_act": "relu", "id2label": {"0": "a", "1": "b", "2": "c"} }
            """);
        Same(model, Pretrained.Load(folder.Path));
    }

    private static string AsInTransformers(string name)
    {
        name = Regex.Replace(name, @"^layer(\d)\.", match => $"resnet.encoder.stages.{match.Groups[1].Value[0] - '1'}.layers.");
        name = Regex.Replace(name, @"^conv1\.", "resnet.embedder.embedder.convolution.");
        name = Regex.Replace(name, @"^bn1\.", "resnet.embedder.embedder.normalization.");
        name = Regex.Replace(name, @"\.conv(\d)\.", match => $".layer.{match.Groups[1].Value[0] - '1'}.convolution.");
        name = Regex.Replace(name, @"\.bn(\d)\.", match => $".layer.{match.Groups[1].Value[0] - '1'}.normalization.");
        return name.Replace(".downsample.0.", ".shortcut.convolution.", StringComparison.Ordinal)
            .Replace(".downsample.1.", ".shortcut.normalization.", StringComparison.Ordinal)
            .Replace("fc.", "classifier.1.", StringComparison.Ordinal);
    }

    private static void Same(Module expected, Module actual)
    {
        Assert.Equal(expected.GetType(), actual.GetType());
        Assert.Equal(expected.State().Keys, actual.State().Keys);
        foreach (var (name, tensor) in expected.State()) Assert.True(tensor.ArrayEqual(actual.State()[name]), name);
    }
}
