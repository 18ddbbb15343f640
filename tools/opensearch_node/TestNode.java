import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

import org.opensearch.Version;
import org.opensearch.common.settings.Settings;
import org.opensearch.env.Environment;
import org.opensearch.node.InternalSettingsPreparer;
import org.opensearch.node.Node;
import org.opensearch.plugins.PluginInfo;

/**
 * Runs one OpenSearch node until the process is stopped.
 *
 * <p>Arguments: the folder of the node, its name, then settings as {@code name=value}. The node skips the checks of a
 * production start: it runs as any user and needs no setting of the kernel. Never use it to serve.
 */
public final class TestNode extends Node {
  private static final List<String> PLUGINS =
      List.of(
          "org.opensearch.transport.Netty4",
          "org.opensearch.analysis.common.CommonAnalysis",
          "org.opensearch.painless.Painless",
          "org.opensearch.index.reindex.Reindex",
          "org.opensearch.index.mapper.MapperExtras");

  /** Takes the classes of plugins in OpenSearch 2, and their descriptions in OpenSearch 3. */
  @SuppressWarnings({"rawtypes", "unchecked"})
  private TestNode(Environment environment, Collection plugins) {
    super(environment, plugins, true);
  }

  public static void main(String[] arguments) throws Exception {
    Path home = Path.of(arguments[0]);
    String name = arguments[1];
    Settings.Builder settings =
        Settings.builder()
            .put("path.home", home)
            .put("path.data", home.resolve("data"))
            .put("path.logs", home.resolve("logs"))
            .put("node.name", name);
    for (int i = 2; i < arguments.length; i++) {
      String[] pair = arguments[i].split("=", 2);
      settings.put(pair[0], pair[1]);
    }
    Environment environment =
        InternalSettingsPreparer.prepareEnvironment(
            settings.build(), Map.of(), home.resolve("config"), () -> name);
    TestNode node = new TestNode(environment, plugins());
    node.start();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> close(node)));
    new CountDownLatch(1).await();
  }

  private static Collection<Object> plugins() throws ClassNotFoundException {
    Collection<Object> plugins = new ArrayList<>();
    for (String name : PLUGINS) {
      if (Version.CURRENT.major < 3) {
        plugins.add(Class.forName(name + "Plugin"));
      } else {
        String type = name + "ModulePlugin";
        plugins.add(new PluginInfo(type, "module", "1", Version.CURRENT, "21", type, null, List.of(), false));
      }
    }
    return plugins;
  }

  private static void close(TestNode node) {
    try {
      node.close();
    } catch (Exception error) {
      throw new IllegalStateException(error);
    }
  }
}
