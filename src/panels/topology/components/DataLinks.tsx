import { css } from '@emotion/css';
import type { GrafanaTheme2, LinkModel } from '@grafana/data';
import { LinkButton, useStyles2 } from '@grafana/ui';

const getStyles = (theme: GrafanaTheme2) => ({
  links: css({ display: 'flex', flexWrap: 'wrap', gap: theme.spacing(1) }),
});

function DataLink({ link }: { readonly link: LinkModel }) {
  const { onClick, href, target, title } = link;
  return (
    <LinkButton
      size="sm"
      variant="secondary"
      href={href}
      target={target}
      icon={target === '_blank' ? 'external-link-alt' : 'link'}
      onClick={
        onClick &&
        ((event) => {
          if (event.ctrlKey || event.metaKey || event.shiftKey) return;
          event.preventDefault();
          onClick(event);
        })
      }
    >
      {title}
    </LinkButton>
  );
}

export function DataLinks({ links }: { readonly links: readonly LinkModel[] }) {
  const styles = useStyles2(getStyles);
  if (links.length === 0) return null;
  return (
    <div className={styles.links}>
      {links.map((link, index) => (
        <DataLink key={`${index} ${link.title}`} link={link} />
      ))}
    </div>
  );
}
