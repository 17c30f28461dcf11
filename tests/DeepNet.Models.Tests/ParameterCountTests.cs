using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using DeepNet.Nn;

namespace DeepNet.Models.Tests;

/// <summary>Models have as many parameters as is published of them, and docs/models.md and the configurations say so.</summary>
public class ParameterCountTests
{
    private static readonly (string Configuration, long Count, Func<Module> Make)[] models =
    [
        ("ResNetConfig.ResNet18", 11_689_512, () => new ResNet(ResNetConfig.ResNet18)),
        ("ResNetConfig.ResNet34", 21_797_672, () => new ResNet(ResNetConfig.ResNet34)),
        ("ResNetConfig.ResNet50", 25_557_032, () => new ResNet(ResNetConfig.ResNet50)),
        ("ResNetConfig.Cifar20", 272_474, () => new ResNet(ResNetConfig.Cifar20)),
        ("ResNetConfig.Cifar56", 855_770, () => new ResNet(ResNetConfig.Cifar56)),
        ("MobileNetV2Config.ImageNet", 3_504_872, () => new MobileNetV2(MobileNetV2Config.ImageNet)),
        ("UNetConfig.Mask", 31_037_633, () => new UNet(UNetConfig.Mask)),
        ("VisionTransformerConfig.Small16", 22_050_664, () => new VisionTransformer(VisionTransformerConfig.Small16)),
        ("VisionTransformerConfig.Base16", 86_567_656, () => new VisionTransformer(VisionTransformerConfig.Base16)),
        ("LstmLanguageConfig.Medium", 19_780_400, () => new LstmLanguageModel(LstmLanguageConfig.Medium)),
        ("Gpt2Config.Small", 124_439_808, () => new Gpt2(Gpt2Config.Small)),
        ("LlamaConfig.Stories15M", 15_191_712, () => new Llama(LlamaConfig.Stories15M)),
        ("LlamaConfig.SmolLm135M", 134_515_008, () => new Llama(LlamaConfig.SmolLm135M)),
        ("BertConfig.Base", 109_482_240, () => new Bert(BertConfig.Base)),
        ("BertConfig.MiniLmL6", 22_713_216, () => new Bert(BertConfig.MiniLmL6)),
        ("BertConfig.MiniLmL12", 33_360_000, () => new Bert(BertConfig.MiniLmL12)),
        ("GcnConfig.Cora", 23_063, () => new Gcn(GcnConfig.Cora)),
        ("GatConfig.Cora", 92_373, () => new Gat(GatConfig.Cora)),
        ("DcganConfig.Size64", 3_576_704, () => new DcganGenerator(DcganConfig.Size64)),
        ("DcganConfig.Size64", 2_765_568, () => new DcganDiscriminator(DcganConfig.Size64)),
        ("VaeConfig.Digits", 652_824, () => new Vae(VaeConfig.Digits)),
        ("DiffusionUNetConfig.Cifar10", 35_746_307, () => new DiffusionUNet(DiffusionUNetConfig.Cifar10)),
        ("DiffusionUNetConfig.Digits", 1_114_081, () => new DiffusionUNet(DiffusionUNetConfig.Digits)),
        ("BayesianMlpConfig.Digits", 956_820, () => new BayesianMlp(BayesianMlpConfig.Digits)),
    ];

    public static TheoryData<int, string> Rows
    {
        get
        {
            var rows = new TheoryData<int, string>();
            for (int i = 0; i < models.Length; i++) rows.Add(i, models[i].Configuration);
            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Is_the_published_one(int row, string configuration)
    {
        var (_, count, make) = models[row];
        var model = make();
        long actual = model.ParameterCount;
        foreach (var tensor in model.State().Values) tensor.Dispose();
        Assert.Equal(count, actual);

        string text = count.ToString("N0", CultureInfo.InvariantCulture), table = File.ReadAllText(Repository("docs/models.md"));
        Assert.Matches($@"\| (`{Regex.Escape(configuration)}` )?\| {text} \|", table);
        string summary = $@"{text}( parameters| of the discriminator).*</summary>\s*public static {configuration.Replace('.', ' ')} ";
        Assert.Contains(
            Directory.GetFiles(Repository("src/DeepNet.Models"), "*.cs", SearchOption.AllDirectories),
            file => Regex.IsMatch(File.ReadAllText(file), summary));
    }

    [Fact]
    public void Configurations_are_all_counted()
    {
        var types = typeof(ResNet).Assembly.GetExportedTypes().Where(type => type.IsSubclassOf(typeof(Module)))
            .SelectMany(type => type.GetConstructors()).Select(made => made.GetParameters().FirstOrDefault()?.ParameterType)
            .Where(type => type is not null && type.Name.EndsWith("Config", StringComparison.Ordinal)).Distinct();
        var presets = types.SelectMany(
            type => type!.GetProperties().Where(p => p.GetMethod!.IsStatic).Select(p => $"{type.Name}.{p.Name}"));
        Assert.Equal(["Gpt2Config.Medium"], presets.Except(models.Select(m => m.Configuration)));
    }

    private static string Repository(string path, [CallerFilePath] string here = "")
        => Path.Combine(Path.GetDirectoryName(here)!, "..", "..", path);
}
