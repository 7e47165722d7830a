export const tenants = {
  'tenants.choose': 'Choose a tenant',
  'tenants.switch': 'Tenant: {name}',
  'tenants.all': 'All tenants',
  'tenants.name': 'Name',
  'tenants.company': 'Company',
  'tenants.state': 'State',
  'tenants.on': 'On',
  'tenants.off': 'Switched off',
  'tenants.empty.title': 'No tenants yet',
  'tenants.empty.text': 'A tenant is a customer organisation with its own contacts and users.',

  'home.runs': 'Latest synchronization runs',
  'home.runs.none': 'Nothing was synchronized yet.',
  'home.runs.when': '{at, ago}',
  'home.warning.disabled': 'This tenant is switched off: visitors see nothing of it.',
  'home.warning.no_sync': 'Synchronization with the directory is switched off.',
  'home.warning.approval':
    'A run of “{source}” would disable many contacts and waits for approval.',
  'home.warning.failed': 'The latest run of “{source}” failed.',
  'home.warning.secret': 'The password of “{source}” cannot be read any more: enter it again.',

  'run.running': 'Running',
  'run.awaiting_approval': 'Waits for approval',
  'run.succeeded': 'Succeeded',
  'run.failed': 'Failed',
  'run.cancelled': 'Cancelled',
} as const;
