using DeepNet.Models;
using DeepNet.Nn;

namespace DeepNet.Onnx.Tests.Export;

/// <summary>The models of DeepNet.Models: small ones of all families and forms, and those of their papers.</summary>
internal static class ModelCases
{
    private static Generator Random => new(1);

    private static Tensor Values(params int[] shape) => Tensor.Normal(new Shape(shape), 0, 1, generator: new Generator(2));

    private static Tensor Tokens(int count, params int[] shape)
        => Tensor.RandInt(0, count, new Shape(shape), DType.Int64, generator: new Generator(3));

    // Statistics that are not those of an untrained model.
    private static ModelCase Images(Module model, params int[] shape)
    {
        foreach (var (path, buffer) in model.NamedBuffers())
            if (buffer.Value.DType.IsFloating())
                buffer.Value.CopyFrom(Tensor.Uniform(buffer.Value.Shape, 0.5, 1.5, generator: new Generator(4)));
        return new(model, Values(shape));
    }

    private static ModelCase Language(LanguageModel model, int vocabulary, int steps, bool hasSteps = true)
        => new(model, Tokens(vocabulary, 2, steps)) { HasSteps = hasSteps };

    private static ModelCase Encoder(BertConfig config, int steps)
    {
        var model = new Bert(config, Random);
        var attends = Tensor.Ones(new Shape(2, steps), DType.Bool);
        attends[1, ^1] = false;
        return new(model, Tokens(config.VocabularySize, 2, steps), attends, Tokens(config.SegmentKinds, 2, steps))
        {
            Forward = x => [model.Forward(x[0], x[1], x[2]), model.Encode(x[0], x[1])], HasSteps = true,
        };
    }

    private static ModelCase Nodes<T>(T model, int features, Func<T, Tensor, Graph, Tensor> run) where T : Module
    {
        const int nodes = 12;
        var graph = Graph.Undirected([.. Enumerable.Range(0, 20).Select(i => (i * 7 % nodes, i * 5 % (nodes - 1)))], nodes);
        return new(model, Values(nodes, features)) { Forward = x => [run(model, x[0], graph)], IsOpen = false };
    }

    private static ModelCase Noise(DiffusionUNetConfig config, int size)
    {
        var model = new DiffusionUNet(config, Random);
        var (x, steps) = (Values(2, config.Channels, size, size), Tokens(1000, 2));
        if (config.Classes == 0) return new(model, x, steps) { Forward = inputs => [model.Forward(inputs[0], inputs[1])] };
        return new(model, x, steps, Tokens(config.Classes, 2)) { Forward = inputs => [model.Forward(inputs[0], inputs[1], inputs[2])] };
    }

    private static ModelCase Uncertain(BayesianMlpConfig config)
    {
        var model = new BayesianMlp(config, Random);
        return new(model, Values(2, config.Widths[0])) { Forward = x => [model.Mean(x[0])] };
    }

    public static readonly OrderedDictionary<string, Func<ModelCase>> Small = new()
    {
        ["resnet"] = () => Images(new ResNet(new([1, 1]) { Width = 8, Classes = 5 }, Random), 2, 3, 33, 33),
        ["resnet, bottleneck"] = () => Images(
            new ResNet(new([1, 1]) { Width = 8, Classes = 5, IsBottleneck = true }, Random), 2, 3, 32, 32),
        ["resnet, small images"] = () => Images(
            new ResNet(ResNetConfig.Cifar20 with { Width = 4, Blocks = [1, 1, 1] }, Random), 2, 3, 16, 16),
        ["mobilenet"] = () => Images(
            new MobileNetV2(new([new(1, 8, 1, 1), new(6, 12, 2, 2)]) { FirstChannels = 8, LastChannels = 24, Classes = 5 }, Random),
            2, 3, 32, 32),
        ["unet"] = () => Images(new UNet(UNetConfig.Mask with { Width = 4, Depth = 2 }, Random), 2, 3, 16, 16),
        ["unet, odd size"] = () => Images(new UNet(UNetConfig.Mask with { Width = 4, Depth = 2 }, Random), 2, 3, 17, 19),
        ["vision transformer"] = () => Images(
            new VisionTransformer(new(16, 8, 16, 2, 2, 32) { Classes = 5 }, Random), 2, 3, 16, 16),
        ["lstm"] = () => Language(new LstmLanguageModel(new(20, 6, 8, 2), Random), 20, 5, hasSteps: false),
        ["lstm, tied"] = () => Language(new LstmLanguageModel(new(20, 8, 8, 1) { IsTied = true }, Random), 20, 5, hasSteps: false),
        ["gpt2"] = () => Language(new Gpt2(new(20, 32, 16, 2, 2), Random), 20, 5),
        ["llama"] = () => Language(new Llama(new(20, 32, 16, 2, 4, 2, 24), Random), 20, 5),
        ["llama, tied and scaled"] = () => Language(
            new Llama(new(20, 32, 16, 2, 4, 4, 24) { IsTied = true, Scaling = new(4, 1, 4, 16) }, Random), 20, 5),
        ["bert"] = () => Encoder(new(20, 16, 2, 2, 32) { ContextLength = 32 }, 5),
        ["gcn"] = () => Nodes(new Gcn(new(6, 8, 3), Random), 6, (model, x, graph) => model.Forward(x, graph)),
        ["gat"] = () => Nodes(new Gat(new(6, 4, 2, 3), Random), 6, (model, x, graph) => model.Forward(x, graph)),
        ["dcgan, generator"] = () => Images(new DcganGenerator(new(16) { Width = 4, Latent = 6 }, Random), 2, 6),
        ["dcgan, discriminator"] = () => Images(new DcganDiscriminator(new(16) { Width = 4 }, Random), 2, 3, 16, 16),
        ["vae"] = () => new(new Vae(new(12, 8, 3), Random), Values(2, 12)),
        ["diffusion unet"] = () => Noise(new(2, [8, 16]) { BlocksPerLevel = 1, Groups = 4 }, 8),
        ["diffusion unet of classes"] = () => Noise(
            new(1, [8, 8, 8]) { BlocksPerLevel = 1, AttentionLevels = [2], Groups = 4, Classes = 3 }, 8),
        ["bayesian mlp"] = () => Uncertain(new([6, 8, 3])),
    };

    public static readonly OrderedDictionary<string, Func<ModelCase>> Whole = new()
    {
        ["ResNet-18"] = () => Images(new ResNet(ResNetConfig.ResNet18, Random), 2, 3, 96, 96),
        ["ResNet-34"] = () => Images(new ResNet(ResNetConfig.ResNet34, Random), 2, 3, 96, 96),
        ["ResNet-50"] = () => Images(new ResNet(ResNetConfig.ResNet50, Random), 2, 3, 96, 96),
        ["ResNet-20 of CIFAR"] = () => Images(new ResNet(ResNetConfig.Cifar20, Random), 2, 3, 32, 32),
        ["ResNet-56 of CIFAR"] = () => Images(new ResNet(ResNetConfig.Cifar56, Random), 2, 3, 32, 32),
        ["MobileNetV2"] = () => Images(new MobileNetV2(MobileNetV2Config.ImageNet, Random), 2, 3, 96, 96),
        ["U-Net"] = () => Images(new UNet(UNetConfig.Mask, Random), 2, 3, 50, 64),
        ["ViT-S/16"] = () => Images(new VisionTransformer(VisionTransformerConfig.Small16, Random), 2, 3, 224, 224),
        ["LSTM"] = () => Language(new LstmLanguageModel(LstmLanguageConfig.Medium, Random), 10_000, 12, hasSteps: false),
        ["GPT-2"] = () => Language(new Gpt2(Gpt2Config.Small, Random), 50257, 12),
        ["Llama, stories15M"] = () => Language(new Llama(LlamaConfig.Stories15M, Random), 32000, 12),
        ["Llama, SmolLM-135M"] = () => Language(new Llama(LlamaConfig.SmolLm135M, Random), 49152, 12),
        ["BERT"] = () => Encoder(BertConfig.Base, 12),
        ["MiniLM-L6"] = () => Encoder(BertConfig.MiniLmL6, 12),
        ["GCN"] = () => Nodes(new Gcn(GcnConfig.Cora, Random), 1433, (model, x, graph) => model.Forward(x, graph)),
        ["GAT"] = () => Nodes(new Gat(GatConfig.Cora, Random), 1433, (model, x, graph) => model.Forward(x, graph)),
        ["DCGAN, generator"] = () => Images(new DcganGenerator(DcganConfig.Size64, Random), 2, 100),
        ["DCGAN, discriminator"] = () => Images(new DcganDiscriminator(DcganConfig.Size64, Random), 2, 3, 64, 64),
        ["VAE"] = () => new(new Vae(VaeConfig.Digits, Random), Values(2, 784)),
        ["diffusion U-Net, CIFAR"] = () => Noise(DiffusionUNetConfig.Cifar10, 32),
        ["diffusion U-Net, digits"] = () => Noise(DiffusionUNetConfig.Digits, 28),
        ["Bayesian MLP"] = () => Uncertain(BayesianMlpConfig.Digits),
    };
}
